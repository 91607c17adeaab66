import NIOCore
import NIOEmbedded
import Routing
import Synchronization
import Testing

@testable import DataPlane

/// When a client's connection goes on to the next request.
@Suite struct KeepAliveTests {
  typealias Rig = PipelineTests.Rig

  static let unknown = #"{"model":"unknown"}"#

  static let chunked =
    "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    + "2\r\n{}\r\n0\r\n\r\n"

  static func post(_ body: String, length: Int? = nil) -> String {
    "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: \(length ?? body.utf8.count)\r\n\r\n"
      + body
  }

  @Test func aRejectionDoesNotCostTheConnection() throws {
    let rig = try Rig()
    try rig.send(Self.post(Self.unknown) + PipelineTests.request)
    let received = try rig.received(rig.client)
    #expect(received.hasPrefix("HTTP/1.1 404 "))
    #expect(!received.contains("connection: close"))
    try rig.answer(PipelineTests.response)
    #expect(try rig.received(rig.client) == PipelineTests.response)
    #expect(rig.client.isActive)
  }

  @Test func aRejectedRequestThatCameWholeIsKnownToBeWhole() throws {
    let rig = try Rig()
    let size = String(Self.unknown.utf8.count, radix: 16)
    try rig.send(
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "\(size)\r\n\(Self.unknown)\r\n0\r\n\r\n")
    #expect(try !rig.received(rig.client).contains("connection: close"))
    #expect(rig.client.isActive)
  }

  @Test func theRestOfARejectedBodyIsReadAndDropped() throws {
    let rig = try Rig()
    let rest = String(repeating: " ", count: 1000)
    try rig.send(Self.post(Self.unknown, length: Self.unknown.utf8.count + rest.utf8.count))
    #expect(try !rig.received(rig.client).contains("connection: close"))
    try rig.send(rest.dropLast())
    try rig.send(" " + PipelineTests.request)
    try rig.answer(PipelineTests.response)
    #expect(try rig.received(rig.client) == PipelineTests.response)
    #expect(rig.records.records.withLock { $0.map(\.status) } == [404, 200])
  }

  @Test(
    arguments: [
      ("content-length: \(16 + (64 << 10))", true), ("content-length: \(17 + (64 << 10))", false),
      ("transfer-encoding: chunked", false),
      ("expect: 100-continue\r\ncontent-encoding: br\r\ncontent-length: 9", false),
    ])
  func anEarlyAnswerKeepsTheConnectionWhenTheRestIsSmallAndComing(_ field: String, _ keeps: Bool) throws {
    let rig = try Rig(decide: { _ in .reject(GatewayError(.saturated, "busy")) })
    try rig.send("POST / HTTP/1.1\r\nHost: x\r\ncontent-type: application/json\r\n\(field)\r\n\r\n")
    if !field.hasPrefix("expect") {
      try rig.send(field.hasPrefix("t") ? "10\r\n{\"model\":\"chat\"}" : #"{"model":"chat"}"#)
    }
    let answer = try rig.received(rig.client)
    #expect(answer.hasPrefix("HTTP/1.1 429 "), "\(answer)")
    #expect(answer.contains("connection: close") == !keeps)
  }

  @Test(arguments: [("content-length: 9", false), ("transfer-encoding: chunked", true), ("x: y", true)])
  func aClientThatKnowsOnlyTheConnectionsEndIsReset(_ field: String, _ resets: Bool) {
    var client = HTTP1Connection(limits: HTTP1Limits())
    client.receive(ByteBuffer(string: "GET / HTTP/1.0\r\n\r\n"))
    _ = client.next()
    _ = client.next()
    let framing: BodyFraming = field.hasPrefix("c") ? .length(9) : field.hasPrefix("t") ? .chunked : .untilClose
    _ = client.respond(framing, date: HTTPDate(seconds: 0))
    #expect(client.finish(.truncated) == (resets ? .reset : .close))
  }

  @Test func aRestThatDoesNotComeIsNotWaitedForLong() throws {
    let rig = try Rig()
    try rig.send(Self.post(Self.unknown, length: 1000))
    rig.loop.advanceTime(by: .seconds(29))
    #expect(rig.client.isActive)
    rig.loop.advanceTime(by: .seconds(2))
    #expect(!rig.client.isActive)
  }

  @Test func garbageBehindADroppedRestGetsAnAnswerOfItsOwn() throws {
    let body = #"{"model":"chat"}"#
    let rig = try Rig()
    try rig.send(Self.post(body, length: body.utf8.count + 5))
    try rig.answer("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
    #expect(try rig.received(rig.client) == "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
    try rig.send("     GARBAGE\r\n\r\n")
    #expect(try rig.received(rig.client).hasPrefix("HTTP/1.1 400 "))
    #expect(rig.records.records.withLock { $0.map(\.status) } == [200, 400])
  }

  @Test func pipelinedRequestsGoOverWarmConnectionsOfDifferentEndpoints() throws {
    let turn = Mutex(0)
    let states = EndpointStates()
    let rig = try Rig(
      states: states,
      decide: { _ in
        let number = turn.withLock { turn in
          turn += 1
          return turn
        }
        return ExchangeTests.plan(
          [number.isMultiple(of: 2) ? ExchangeTests.second : ExchangeTests.first], states: states)
      })
    for index in 0..<2 {
      try rig.send(PipelineTests.request)
      try rig.answer(PipelineTests.response, from: index)
      _ = try rig.received(rig.upstreams[index])
    }
    _ = try rig.received(rig.client)
    try rig.send(PipelineTests.request + PipelineTests.request)
    try rig.answer(PipelineTests.response, from: 0)
    #expect(try rig.received(rig.upstreams[1]).hasSuffix(PipelineTests.body))
    #expect(try rig.received(rig.client) == PipelineTests.response)
    try rig.answer(PipelineTests.response, from: 1)
    #expect(try rig.received(rig.client) == PipelineTests.response)
    #expect(rig.upstreams.count == 2)
  }
}
