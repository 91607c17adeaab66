import NIOCore
import NIOEmbedded
import Routing
import Synchronization
import TestSupport
import Testing

@testable import DataPlane

extension PipelineTests {
  /// A client's channel and the channels to endpoints that it opens, all on one embedded loop.
  final class Rig {
    let loop = EmbeddedEventLoop()
    let client: EmbeddedChannel
    let context: LoopContext
    let states: EndpointStates
    var upstreams: [EmbeddedChannel] = []
    /// What connections to endpoints wait for.
    var connecting: EventLoopPromise<Void>?
    var records: Recorder

    final class Recorder: Sendable {
      let records = Mutex<[ProxyRecord]>([])
      let started = Mutex(0)
    }

    init(
      rewrite: String? = nil, candidates: [Endpoint] = [ExchangeTests.first, ExchangeTests.second],
      states: EndpointStates = EndpointStates(), configuration: ProxyConfiguration = ProxyConfiguration(),
      connections: Int = 1024,
      messageLimits: HTTP1Limits? = nil,
      transport: UpstreamTransport = UpstreamTransport(),
      decide: ((BodyFacts) -> RoutingDecision)? = nil, pickers: PickSessionMaker? = nil
    ) throws {
      let recorder = Recorder()
      records = recorder
      self.states = states
      client = EmbeddedChannel(loop: loop)
      var connect: UpstreamPool.Connect = { _, _ in notYetConnected() }
      let scratch = ScratchBuffers()
      let limits = UpstreamPool.Leases.Limits(connections: connections, resting: 4)
      let pool = UpstreamPool(eventLoop: loop, limits: limits, idleTimeoutSeconds: 30) { connect($0, $1) }
      context = LoopContext(
        eventLoop: loop, configuration: configuration,
        steps: RouterSteps(route: { _, _ in .success(nil) }) { _, _, _, facts in
          if let decide { return decide(facts) }
          return facts.model == "unknown"
            ? .reject(GatewayError(.modelNotFound, "no such model"))
            : ExchangeTests.plan(candidates, rewrite: rewrite, states: states, transport: transport)
        },
        observer: ProxyObserver(
          requestStarted: { recorder.started.withLock { $0 += 1 } },
          requestFinished: { record in recorder.records.withLock { $0.append(record) } }),
        logger: quietLogger, scratch: scratch, pool: pool, limits: messageLimits,
        pickers: pickers)
      let loop = loop
      connect = { [unowned self] _, _ in
        let channel = EmbeddedChannel(loop: loop)
        let readiness = UpstreamReadiness(on: loop, limit: .seconds(2))
        do {
          if transport.application == .http2 {
            try UpstreamPipeline.configureHTTP2(
              channel, limits: messageLimits ?? HTTP1Limits(), isSecure: false, readiness: readiness)
          } else {
            try ProxyPipeline.configureUpstream(channel, scratch: scratch, limits: messageLimits ?? HTTP1Limits())
            readiness.succeed()
          }
          try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        } catch {
          readiness.fail(error)
          return loop.makeFailedFuture(error)
        }
        self.upstreams.append(channel)
        guard let connecting = self.connecting else { return readiness.future.map { channel } }
        return connecting.futureResult.map { channel }
      }
      try ProxyPipeline.configureClient(
        client, loop: context, client: ClientInfo(address: "192.0.2.1", listenerAddress: nil, listenerPort: 80))
      try client.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 2)).wait()
    }

    func send(_ text: some StringProtocol) throws {
      try client.writeInbound(ByteBuffer(string: String(text)))
      loop.run()
    }

    func answer(_ text: some StringProtocol, from index: Int = 0) throws {
      try #require(upstreams.indices.contains(index))
      try upstreams[index].writeInbound(ByteBuffer(string: String(text)))
      loop.run()
    }

    /// All that was written.
    func raw(_ channel: EmbeddedChannel) throws -> String {
      var all = ByteBuffer()
      while var part = try channel.readOutbound(as: ByteBuffer.self) { all.writeBuffer(&part) }
      return String(buffer: all)
    }

    func received(_ channel: EmbeddedChannel) throws -> String {
      // The lines that no two runs have in common.
      try raw(channel).replacing(/(date|x-request-id): [^\r]*\r\n/, with: "")
    }
  }
}

private func notYetConnected() -> EventLoopFuture<any Channel> {
  preconditionFailure("the rig connects before it is complete")
}
