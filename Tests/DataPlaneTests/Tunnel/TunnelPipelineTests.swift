import NIOCore
import NIOEmbedded
import Routing
import Synchronization
import TestSupport
import Testing

@testable import DataPlane

/// A tunnel through both handlers, byte by byte.
@Suite struct TunnelPipelineTests {
  typealias Rig = PipelineTests.Rig

  private static let sent =
    "GET /v1/realtime HTTP/1.1\r\nhost: x\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    + "x-gateway-model-name: chat\r\nx-forwarded-for: 192.0.2.1\r\nx-forwarded-proto: http\r\nx-forwarded-host: x\r\n"
    + "x-forwarded-port: 80\r\nvia: 1.1 switchyard\r\n"
    + "connection: upgrade\r\nupgrade: websocket\r\n\r\n"

  private func open(_ rig: Rig) throws {
    try rig.send(WebSocketExamples.offer)
    try rig.answer(WebSocketExamples.taken)
    _ = try rig.received(rig.upstreams[0])
    _ = try rig.received(rig.client)
  }

  @Test func theClientsBytesMayBeCutAnywhere() throws {
    let all = WebSocketExamples.offer + "early"
    for cut in 1..<all.utf8.count {
      let rig = try Rig()
      try rig.send(all.prefix(cut))
      try rig.send(all.dropFirst(cut))
      // What comes behind the head waits for the answer: it may be the next request.
      #expect(try rig.received(try #require(rig.upstreams.first)) == Self.sent, "\(cut)")
      try rig.answer(WebSocketExamples.taken)
      #expect(try rig.received(rig.client) == WebSocketExamples.passedOn, "\(cut)")
      try rig.send("late")
      #expect(try rig.received(rig.upstreams[0]) == "earlylate", "\(cut)")
    }
  }

  @Test func theEndpointsBytesMayBeCutAnywhere() throws {
    let all = WebSocketExamples.taken + "hello"
    for cut in 1..<all.utf8.count {
      let rig = try Rig()
      try rig.send(WebSocketExamples.offer)
      try rig.answer(all.prefix(cut))
      try rig.answer(all.dropFirst(cut))
      #expect(try rig.received(rig.client) == WebSocketExamples.passedOn + "hello", "\(cut)")
      #expect(rig.states.inFlight == 1 && rig.context.census.tunnels == 1)
    }
  }

  @Test(arguments: [426, 200, 404]) func aRefusalLeavesTheConnectionAsItIs(_ status: Int) throws {
    let rig = try Rig()
    let next = "GET /next HTTP/1.1\r\nHost: x\r\n\r\n"
    try rig.send(WebSocketExamples.offer + next)
    try rig.answer("HTTP/1.1 \(status) X\r\ncontent-length: 2\r\n\r\nno")
    #expect(try rig.received(rig.client).hasPrefix("HTTP/1.1 \(status) "))
    let upstream = try #require(rig.upstreams.first)
    #expect(try rig.received(upstream).contains("GET /next HTTP/1.1\r\n"))
    try rig.answer(PipelineTests.response)
    #expect(try rig.received(rig.client) == PipelineTests.response)
    #expect(rig.client.isActive && upstream.isActive && rig.upstreams.count == 1)
  }

  @Test(arguments: [
    "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n",
    "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\n\r\n",
    "HTTP/1.0 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n",
    "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\ncontent-length: 3\r\n\r\nabc",
    "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
  ]) func whatWasNotOfferedIsNoAnswer(_ answer: String) throws {
    let rig = try Rig()
    try rig.send(WebSocketExamples.offer)
    try rig.answer(answer)
    #expect(try rig.received(rig.client).hasPrefix("HTTP/1.1 502 "))
    #expect(!rig.upstreams[0].isActive && rig.client.isActive)
    #expect(rig.states.inFlight == 0 && rig.context.census.tunnels == 0)
  }

  @Test func otherOffersAreDroppedFromTheList() throws {
    let rig = try Rig()
    try rig.send(
      "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c, websocket\r\n"
        + "HTTP2-Settings: AAMAAABk\r\n\r\n")
    let sent = try rig.received(try #require(rig.upstreams.first))
    #expect(sent.contains("\r\nconnection: upgrade\r\nupgrade: websocket\r\n"))
    #expect(!sent.lowercased().contains("h2c") && !sent.lowercased().contains("settings"))
  }

  @Test func interimResponsesPassBeforeIt() throws {
    let rig = try Rig()
    try rig.send(WebSocketExamples.offer)
    try rig.answer("HTTP/1.1 103 Early Hints\r\n\r\n" + WebSocketExamples.taken)
    #expect(try rig.received(rig.client) == "HTTP/1.1 103 Early Hints\r\n\r\n" + WebSocketExamples.passedOn)
  }

  @Test func whoTakesNothingStopsTheOther() throws {
    let rig = try Rig()
    try open(rig)
    let endpoint = try PatienceTests.dam(rig.upstreams[0])
    rig.upstreams[0].isWritable = false
    rig.upstreams[0].pipeline.fireChannelWritabilityChanged()
    try rig.send("one")
    let handler = try rig.client.pipeline.syncOperations.handler(type: ClientHandler.self)
    #expect(!handler.runner.standing.readsClient)
    rig.upstreams[0].isWritable = true
    rig.upstreams[0].pipeline.fireChannelWritabilityChanged()
    rig.loop.run()
    endpoint.open()
    #expect(try rig.received(rig.upstreams[0]) == "one")
    #expect(handler.runner.standing.readsClient)
    rig.client.isWritable = false
    rig.client.pipeline.fireChannelWritabilityChanged()
    #expect(!handler.runner.standing.readsUpstream)
  }

  @Test func aTunnelThatRestsTooLongIsClosed() throws {
    let rig = try Rig()
    try open(rig)
    rig.loop.advanceTime(by: .seconds(3599))
    try rig.send("x")
    rig.loop.advanceTime(by: .seconds(3599))
    try rig.answer("y")
    rig.loop.advanceTime(by: .seconds(3599))
    #expect(rig.client.isActive && rig.upstreams[0].isActive)
    rig.loop.advanceTime(by: .seconds(2))
    #expect(!rig.upstreams[0].isActive)
    rig.loop.advanceTime(by: .seconds(3))
    #expect(!rig.client.isActive)
    let record = try #require(rig.records.records.withLock { $0.first })
    #expect(record.error?.kind == .tunnelIdle && record.status == 101)
    #expect((record.requestBytes, record.responseBytes) == (1, 1))
    #expect(rig.states.inFlight == 0 && rig.context.census.tunnels == 0)
  }

  @Test func limitsOfARequestEndWithTheAnswer() throws {
    var configuration = ProxyConfiguration()
    configuration.requestTimeoutSeconds = 5
    let treatment = RequestTreatment(timeouts: RuleTimeouts(request: 4_000_000_000, backendRequest: 3_000_000_000))
    let rig = try Rig(configuration: configuration) { _ in ExchangeTests.plan(treatment: treatment) }
    try open(rig)
    rig.loop.advanceTime(by: .seconds(600))
    try rig.send("still there")
    #expect(try rig.received(rig.upstreams[0]) == "still there")
    let slow = try Rig(configuration: configuration) { _ in ExchangeTests.plan(treatment: treatment) }
    try slow.send(WebSocketExamples.offer)
    slow.loop.advanceTime(by: .seconds(4))
    #expect(try slow.received(slow.client).hasPrefix("HTTP/1.1 504 "))
  }

  @Test func drainingLetsItGoOnUntilTheEnd() throws {
    let rig = try Rig()
    try open(rig)
    _ = rig.context.drain()
    try rig.send("still")
    #expect(try rig.received(rig.upstreams[0]) == "still")
    rig.context.closeAll()
    rig.loop.run()
    #expect(!rig.client.isActive && !rig.upstreams[0].isActive && rig.states.inFlight == 0)
    #expect(rig.context.census.tunnels == 0)
  }

  @Test func mirrorsGetNoCopy() throws {
    guard case .forward(let copy) = ExchangeTests.plan([ExchangeTests.second]) else { return }
    let treatment = RequestTreatment(mirrors: [copy])
    let rig = try Rig { _ in ExchangeTests.plan(treatment: treatment) }
    try rig.send(WebSocketExamples.offer)
    #expect(rig.upstreams.count == 1)
  }
}
