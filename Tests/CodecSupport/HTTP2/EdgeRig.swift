import DataPlane
import NIOCore
import NIOEmbedded
import Routing
import Synchronization
import TestSupport

/// One client's connection to a gateway and the connections to endpoints that it leads to, in memory and on one event loop.
package final class EdgeRig {
  /// What the gateway has told of its requests.
  final class Tally: Sendable {
    let started = Atomic<Int>(0)
    let finished = Atomic<Int>(0)
  }

  /// A connection to an endpoint.
  package final class Endpoint {
    let channel: EmbeddedChannel
    let end: PeerEnd
    package let isHTTP2: Bool
    /// What the endpoint is about to send.
    package var sends: ArraySlice<UInt8> = []
    /// It has sent something.
    package fileprivate(set) var hasSpoken = false
    /// The gateway has written something since this was last taken back: of HTTP/2, more than its own greeting.
    package var isAsked = false

    init(_ loop: EmbeddedEventLoop, isHTTP2: Bool) {
      (channel, end) = EdgeRig.channel(on: loop)
      self.isHTTP2 = isHTTP2
    }

    package var isOpen: Bool { channel.isActive }

    /// Looks at what the gateway has written.
    package func look() throws {
      while let bytes = try channel.readOutbound(as: ByteBuffer.self) {
        if bytes.readableBytes > 0, !isHTTP2 || hasSpoken { isAsked = true }
      }
    }
  }

  /// The paths below which requests go to endpoints that speak HTTP/1, and HTTP/2.
  package static let prefixes = (http1: "/1", http2: "/2")

  package private(set) var endpoints: [Endpoint] = []
  package private(set) var judge = FrameJudge()
  let loop = EmbeddedEventLoop()
  private let client: EmbeddedChannel
  private let clientEnd: PeerEnd
  private var served: ServedLoop?
  private let tally = Tally()
  private let states = EndpointStates()
  /// The client speaks HTTP/2, so that what it gets can be judged.
  private let isJudged: Bool
  private let opened: (Endpoint) -> Void

  /// - Parameters:
  ///   - isJudged: the client speaks HTTP/2.
  ///   - opened: is told each connection to an endpoint.
  package init(isJudged: Bool = true, opened: @escaping (Endpoint) -> Void = { _ in }) throws {
    self.isJudged = isJudged
    self.opened = opened
    (client, clientEnd) = Self.channel(on: loop)
    let table = Published(Self.table)
    let served = ServedLoop(
      on: loop, configuration: ProxyConfiguration(), router: RequestRouter(CompiledTables(table, states: states)),
      logger: quietLogger,
      observer: ProxyObserver(
        requestStarted: { [tally] in tally.started.add(1, ordering: .relaxed) },
        requestFinished: { [tally] _ in tally.finished.add(1, ordering: .relaxed) })
    ) { [unowned self] id, configure in try open(id, configure) }
    self.served = served
    try served.serve(client, address: "192.0.2.1", port: 80)
    try client.connect(to: SocketAddress(ipAddress: "192.0.2.1", port: 1)).wait()
    loop.run()
  }

  private static func channel(on loop: EmbeddedEventLoop) -> (EmbeddedChannel, PeerEnd) {
    let channel = EmbeddedChannel(loop: loop)
    let end = PeerEnd { [unowned channel] in channel.isWritable = $0 }
    do {
      try channel.pipeline.syncOperations.addHandler(end)
    } catch {
      preconditionFailure("a new channel takes a handler: \(error)")
    }
    return (channel, end)
  }

  private func open(_ id: EndpointID, _ configure: (any Channel) throws -> Void) throws -> any Channel {
    let endpoint = Endpoint(loop, isHTTP2: id.port == 2)
    try configure(endpoint.channel)
    try endpoint.channel.connect(to: SocketAddress(ipAddress: id.address, port: id.port)).wait()
    endpoints.append(endpoint)
    opened(endpoint)
    return endpoint.channel
  }

  private static let table: RoutingTable = {
    var pools: [PoolID: Pool] = [:]
    var rules: [RouteRule] = []
    let model = Model(
      name: "alias", targets: [WeightedTarget(name: "target")], object: ObjectName(namespace: "f", name: "m"))
    for (port, prefix, application) in [
      (1, prefixes.http1, UpstreamTransport()), (2, prefixes.http2, UpstreamTransport(.http2)),
    ] {
      let id = PoolID(.inferencePool, ObjectName(namespace: "f", name: "pool-\(port)"))
      let pod = ObjectName(namespace: "f", name: "pod-\(port)")
      pools[id] = Pool(
        id: id, endpoints: [Routing.Endpoint(id: EndpointID(address: "10.0.0.1", port: port), pod: pod)],
        models: ["alias": model], transport: application)
      rules.append(
        RouteRule(
          route: ObjectName(namespace: "f", name: "route"), index: port, match: RequestMatch(path: .prefix(prefix)),
          backends: [WeightedBackend(target: .pool(id))]))
    }
    let listener = Listener(
      gateway: ObjectName(namespace: "f", name: "gateway"), name: "http", addresses: [], port: 80, rules: rules)
    return RoutingTable(listeners: [listener], pools: pools)
  }()
}

extension EdgeRig {
  /// Whether the gateway still serves the client.
  package var isOpen: Bool { client.isActive && !clientEnd.isOutputClosed }

  /// The client sends bytes, if the gateway reads any.
  package func send(_ pieces: [ArraySlice<UInt8>]) -> Bool {
    defer { settle() }
    return clientEnd.deliver(pieces.map { ByteBuffer(bytes: $0) })
  }

  /// An endpoint sends as many of its bytes.
  package func answer(_ endpoint: Endpoint, _ count: Int) {
    let piece = endpoint.sends.prefix(count)
    guard !piece.isEmpty else { return }
    endpoint.hasSpoken = true
    if endpoint.end.deliver([ByteBuffer(bytes: piece)]) { endpoint.sends = endpoint.sends.dropFirst(piece.count) }
    settle()
  }

  /// The client takes what it is sent, or does not.
  package func setClientBlocked(_ isBlocked: Bool) {
    clientEnd.setBlocked(isBlocked)
    settle()
  }

  /// An endpoint takes what it is sent, or does not.
  package func setBlocked(_ isBlocked: Bool, _ endpoint: Endpoint) {
    endpoint.end.setBlocked(isBlocked)
    settle()
  }

  /// Time passes.
  package func wait(seconds: Int64) {
    loop.advanceTime(by: .seconds(seconds))
    settle()
  }

  /// The gateway is told to end.
  package func drain() {
    served?.drain()
    settle()
  }

  /// An endpoint ends its connection.
  package func close(_ endpoint: Endpoint) {
    endpoint.channel.close(promise: nil)
    settle()
  }

  private func settle() {
    loop.run()
    endpoints.removeAll { !$0.isOpen }
    do {
      while let bytes = try client.readOutbound(as: ByteBuffer.self) {
        if isJudged { judge.take(bytes.readableBytesView) }
      }
    } catch {
      preconditionFailure("the gateway writes bytes: \(error)")
    }
  }

  /// What the gateway holds, and should not, while it serves.
  package var excess: String? {
    guard let census = served?.census else { return nil }
    let started = tally.started.load(ordering: .relaxed)
    let finished = tally.finished.load(ordering: .relaxed)
    let bounds = [
      ("streams that are open", census.streams, Self.mostStreams),
      // Each may keep what its window lets in.
      ("bytes of bodies that are held", census.heldBytes, 1 << 20),
      ("objects of streams that have ended", census.spareStreams, max(16, census.streams)),
      // Beyond the mark goes the last piece, which is as long as what is read from an endpoint, and what it is joined with.
      ("bytes for a client that takes none", census.unsentBytes, census.streams * (64 << 10 + EdgeRun.largestAnswer)),
      ("bytes that the channel has not taken", clientEnd.pendingBytes, 2 << 20),
      ("requests that have ended", finished, started),
    ]
    return bounds.first { $0.1 > $0.2 }.map { "\($0.0): \($0.1), and at most \($0.2)" }
  }

  /// Objects of requests that have ended which are kept for others.
  package var spareStreams: Int { served?.census.spareStreams ?? 0 }

  /// The client leaves, then the endpoints. Says what is left behind.
  package func end() -> String? {
    client.close(promise: nil)
    settle()
    var found = balance
    // Connections that are being opened get their time.
    wait(seconds: 5)
    served?.closeAll()
    for endpoint in endpoints { endpoint.channel.close(promise: nil) }
    settle()
    let census = served?.census ?? GatewayServer.Census()
    if found == nil, census != GatewayServer.Census() { found = "left behind: \(census)" }
    served = nil
    return found ?? judge.fault
  }

  private var balance: String? {
    let (started, finished) = (tally.started.load(ordering: .relaxed), tally.finished.load(ordering: .relaxed))
    if started != finished { return "\(started) requests were begun, \(finished) ended" }
    if states.inFlight != 0 { return "\(states.inFlight) requests in flight without a client" }
    guard let census = served?.census else { return nil }
    let left = census.clients + census.heldBytes + census.streams + census.leased + census.waiters + census.unsentBytes
    return left == 0 ? nil : "left behind by the client: \(census)"
  }

  /// What a client may have open (RFC 9113, section 5.1.2), as the gateway's settings say.
  private static let mostStreams = 100
}
