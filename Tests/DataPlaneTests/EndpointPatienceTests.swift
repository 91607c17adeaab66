import NIOCore
import NIOEmbedded
import Routing
import Synchronization
import Testing

@testable import DataPlane

/// How long the gateway waits for endpoints that take no connection, or no bytes.
@Suite struct EndpointPatienceTests {
  typealias Rig = PipelineTests.Rig

  private func outcomes(_ rig: Rig) -> [GatewayError.Kind?] {
    rig.records.records.withLock { $0.map(\.error?.kind) }
  }

  /// Holds the only connection that there may be to an endpoint.
  private func hold(_ rig: Rig, _ endpoint: Endpoint) throws -> UpstreamHandler {
    var held: UpstreamHandler?
    _ = rig.context.pool.wait(rig.states.state(of: endpoint.id)) { result in
      if case .success(let lease) = result { held = lease.connection as? UpstreamHandler }
    }
    rig.loop.run()
    return try #require(held)
  }

  @Test func whoFindsAllConnectionsInUseTurnsToTheNextEndpoint() throws {
    let rig = try Rig(connections: 1)
    _ = try hold(rig, ExchangeTests.first)
    try rig.send(PipelineTests.request)
    rig.loop.advanceTime(by: .milliseconds(1900))
    #expect(rig.upstreams.count == 1)
    rig.loop.advanceTime(by: .milliseconds(200))
    #expect(rig.upstreams.count == 2)
    try rig.answer(PipelineTests.response, from: 1)
    #expect(try rig.received(rig.client) == PipelineTests.response)
  }

  @Test func theOneThatBecomesFreeInTimeIsTaken() throws {
    let rig = try Rig(connections: 1)
    let held = try hold(rig, ExchangeTests.first)
    try rig.send(PipelineTests.request)
    rig.loop.advanceTime(by: .seconds(1))
    rig.context.pool.giveBack(held, isReusable: false)
    rig.loop.run()
    rig.loop.advanceTime(by: .seconds(10))
    #expect(rig.upstreams.count == 2 && outcomes(rig) == [])
    try rig.answer(PipelineTests.response, from: 1)
    #expect(outcomes(rig) == [nil])
  }

  @Test func eachEndpointHasTheTimeOfAConnection() throws {
    let rig = try Rig()
    rig.connecting = rig.loop.makePromise(of: Void.self)
    try rig.send(PipelineTests.request)
    rig.loop.advanceTime(by: .milliseconds(2100))
    #expect(rig.upstreams.count == 2 && outcomes(rig) == [])
    rig.loop.advanceTime(by: .milliseconds(1800))
    #expect(outcomes(rig) == [])
    rig.loop.advanceTime(by: .milliseconds(200))
    #expect(outcomes(rig) == [.noEndpointAnswered] && rig.states.inFlight == 0)
    #expect(try rig.received(rig.client).contains("no connection within 2000 ms"))
    // They come too late, for nobody, and rest.
    rig.connecting?.succeed()
    rig.loop.run()
    #expect(rig.context.pool.idleCount(rig.states.state(of: ExchangeTests.first.id)) == 1)
  }

  /// A request that its endpoint takes none of: whole, or while it is still coming.
  private func stalled(isWhole: Bool) throws -> (Rig, PatienceTests.Dam) {
    let rig = try Rig()
    let text = #"{"model":"chat"}"#
    try rig.send(KeepAliveTests.post(text, length: text.utf8.count + 100_000))
    let upstream = try #require(rig.upstreams.first)
    let dam = try PatienceTests.dam(upstream)
    dam.leave(unsent: 90_000)
    upstream.isWritable = false
    upstream.pipeline.fireChannelWritabilityChanged()
    if isWhole { try rig.client.writeInbound(ByteBuffer(repeating: 0x20, count: 100_000)) }
    rig.loop.run()
    return (rig, dam)
  }

  @Test(arguments: [true, false]) func anEndpointThatTakesNothingOfARequestHasFailed(_ isWhole: Bool) throws {
    let (rig, _) = try stalled(isWhole: isWhole)
    rig.loop.advanceTime(by: .seconds(29))
    #expect(outcomes(rig) == [])
    rig.loop.advanceTime(by: .seconds(10))
    #expect(outcomes(rig) == [.uploadStalled] && rig.states.inFlight == 0)
    #expect(try rig.received(rig.client).hasPrefix("HTTP/1.1 504 "))
    #expect(rig.states.state(of: ExchangeTests.first.id).hasFailedLately(now: 0))
    #expect(rig.upstreams.count == 1 && !rig.upstreams[0].isActive)
  }

  @Test func anEndpointThatTakesSomeNowAndThenHasNot() throws {
    let (rig, dam) = try stalled(isWhole: false)
    for round in 1...9 {
      rig.loop.advanceTime(by: .seconds(25))
      dam.leave(unsent: 90_000 - 1000 * round)
    }
    #expect(outcomes(rig) == [])
    rig.upstreams[0].isWritable = true
    rig.upstreams[0].pipeline.fireChannelWritabilityChanged()
    // Now it is the client that is waited for.
    rig.loop.advanceTime(by: .seconds(31))
    #expect(outcomes(rig) == [.bodyTimeout])
  }
}
