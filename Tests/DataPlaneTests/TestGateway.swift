import NIOCore
import NIOHTTP1
import NIOHTTP2
import NIOPosix
import NIOSSL
import Routing
import Synchronization
import TestSupport

@testable import DataPlane

/// A running gateway with one listener that sends everything below `/v1` to one pool.
struct TestGateway: Sendable {
  static let port = 18080

  let address: String
  let states: EndpointStates
  let table: Published<RoutingTable>
  let certificates: Published<CertificateStore>
  let server: GatewayServer
  let records: Reports<ProxyRecord>
  /// Rings after each change of the bound sockets that follows the first.
  let bindings: Reports<BindingsReport>
  let handshakes: Reports<HandshakeFailure>
  let proxyHeaders: Reports<ProxyHeaderFailure>

  /// What the gateway reported.
  struct Reports<Report: Sendable>: Sendable {
    let stream: AsyncStream<Report>

    func next() async -> Report? {
      var iterator = stream.makeAsyncIterator()
      return await iterator.next()
    }
  }

  /// Runs a gateway on an address of its own while `body` runs.
  static func run(
    endpoints: [EndpointID], models: [String: Model] = [:], over transport: UpstreamTransport = UpstreamTransport(),
    certificates: CertificateStore = CertificateStore(), configuration: ProxyConfiguration = ProxyConfiguration(),
    body: (TestGateway) async throws -> Void
  ) async throws {
    try await run(certificates: certificates, configuration: configuration, body: body) { address in
      var table = makeTable(address: address, endpoints: endpoints, models: models)
      for id in table.pools.keys { table.pools[id]?.transport = transport }
      return table
    }
  }

  /// Runs a gateway by the table that `makeTable` makes for its address.
  static func run(
    at address: String? = nil, certificates: CertificateStore = CertificateStore(),
    configuration: ProxyConfiguration = ProxyConfiguration(), body: (TestGateway) async throws -> Void,
    makeTable: (String) -> RoutingTable
  ) async throws {
    let address = address ?? "127.\(Int.random(in: 1...250)).\(Int.random(in: 1...250)).\(Int.random(in: 1...250))"
    let table = Published(makeTable(address))
    let certificates = Published(certificates)
    let states = EndpointStates()
    let bindings = AsyncStream.makeStream(of: BindingsReport.self, bufferingPolicy: .bufferingNewest(8))
    let handshakes = AsyncStream.makeStream(of: HandshakeFailure.self, bufferingPolicy: .bufferingNewest(64))
    let proxyHeaders = AsyncStream.makeStream(of: ProxyHeaderFailure.self, bufferingPolicy: .bufferingNewest(64))
    let reports = AsyncStream.makeStream(of: ProxyRecord.self, bufferingPolicy: .bufferingNewest(64))
    var configuration = configuration
    // Nothing here may end because it was waited for long enough.
    configuration.drainTimeoutSeconds = 3600
    let server = GatewayServer(
      configuration: configuration, table: table, certificates: certificates,
      router: RequestRouter(
        CompiledTables(table, states: states), configuration: RequestRouter.Configuration(queue: configuration.queue)),
      logger: quietLogger,
      observer: ProxyObserver(
        wantsTexts: true, requestFinished: { reports.continuation.yield($0) },
        handshakeFailed: { handshakes.continuation.yield($0) },
        proxyHeaderFailed: { proxyHeaders.continuation.yield($0) }),
      onBindingsChanged: { bindings.continuation.yield($0) })
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await server.run() }
      _ = await Reports(stream: bindings.stream).next()
      defer { server.shutdownGracefully() }
      try await body(
        TestGateway(
          address: address, states: states, table: table, certificates: certificates, server: server,
          records: Reports(stream: reports.stream), bindings: Reports(stream: bindings.stream),
          handshakes: Reports(stream: handshakes.stream), proxyHeaders: Reports(stream: proxyHeaders.stream)))
    }
  }

  static func makeTable(address: String, endpoints: [EndpointID], models: [String: Model]) -> RoutingTable {
    let pod = ObjectName(namespace: "default", name: "pod")
    let pool = Pool(id: LiveTests.pool, endpoints: endpoints.map { Endpoint(id: $0, pod: pod) }, models: models)
    let rule = RouteRule(
      route: ObjectName(namespace: "default", name: "route"), index: 0, match: RequestMatch(path: .prefix("/v1")),
      backends: [WeightedBackend(target: .pool(pool.id))])
    let listener = Listener(
      gateway: ObjectName(namespace: "default", name: "gateway"), name: "http", addresses: [address], port: port,
      rules: [rule])
    return RoutingTable(listeners: [listener], pools: [pool.id: pool])
  }
}
