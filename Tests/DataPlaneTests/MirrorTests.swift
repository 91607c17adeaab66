import NIOCore
import NIOEmbedded
import Routing
import Synchronization
import TestSupport
import Testing

@testable import DataPlane

/// Copies of requests: they get what the original's endpoint gets, and change nothing for the client.
@Suite struct MirrorTests {
  private static let shadow = Endpoint(
    id: EndpointID(address: "10.0.0.9", port: 8000), pod: ObjectName(namespace: "default", name: "shadow"))

  /// A rig whose requests are all copied. The copy is dispatched first: its channel is number 0, the original's number 1.
  private func rig(states: EndpointStates = EndpointStates()) throws -> PipelineTests.Rig {
    guard case .forward(let mirror) = ExchangeTests.plan([Self.shadow], rewrite: "shadow", states: states) else {
      throw Failure("no plan")
    }
    return try PipelineTests.Rig(states: states) { _ in
      ExchangeTests.plan([ExchangeTests.first], states: states, treatment: RequestTreatment(mirrors: [mirror]))
    }
  }

  private func body(_ text: String) -> Substring {
    text.firstRange(of: "\r\n\r\n").map { text[$0.upperBound...] } ?? "no body"
  }

  @Test func aCopyGoesToTheMirrorAndItsAnswerToNobody() throws {
    let rig = try rig()
    try rig.send(PipelineTests.request)
    #expect(rig.upstreams.count == 2)
    #expect(try body(rig.received(rig.upstreams[0])).hasPrefix(#"{"model":"shadow""#))
    #expect(try body(rig.received(rig.upstreams[1])) == PipelineTests.body)
    #expect(rig.states.inFlight == 2)
    try rig.answer("HTTP/1.1 500 Oh no\r\ncontent-length: 3\r\n\r\nbad", from: 0)
    #expect(try rig.received(rig.client) == "")
    try rig.answer(PipelineTests.response, from: 1)
    #expect(try rig.received(rig.client) == PipelineTests.response)
    #expect(rig.states.inFlight == 0)
    // The client's request is one, whatever became of its copy.
    #expect(rig.records.started.withLock { $0 } == 1)
    #expect(rig.records.records.withLock { $0.map(\.status) } == [200])
  }

  @Test func aMirrorThatIsGoneOrSilentChangesNothing() throws {
    let rig = try rig()
    try rig.send(PipelineTests.request)
    rig.upstreams[0].pipeline.fireErrorCaught(Failure("reset"))
    try rig.answer(PipelineTests.response, from: 1)
    #expect(try rig.received(rig.client) == PipelineTests.response)
    try rig.send(PipelineTests.request)
    try rig.answer(PipelineTests.response, from: 1)
    #expect(try rig.received(rig.client) == PipelineTests.response)
    rig.loop.advanceTime(by: .seconds(301))
    #expect(rig.states.inFlight == 0)
  }

  @Test func aLongBodyIsCopiedAsItComes() throws {
    let rig = try rig()
    let rest = String(repeating: "x", count: 5000)
    try rig.send(
      "POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5030\r\n\r\n"
        + #"{"model":"chat","prompt":"aaa"#)
    try rig.send("\"" + rest)
    #expect(rig.upstreams.count == 2)
    #expect(try body(rig.received(rig.upstreams[0])).hasSuffix(rest))
    #expect(try body(rig.received(rig.upstreams[1])).hasSuffix(rest))
  }

  @Test(arguments: [true, false]) func trailersReachTheMirrorToo(comesWhole: Bool) throws {
    let rig = try rig()
    let head =
      "POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
      + "1b\r\n{\"model\":\"chat\",\"prompt\":\"a\r\n"
    let rest = "2\r\n\"}\r\n0\r\nx-sum: 1\r\n\r\n"
    for piece in comesWhole ? [head + rest] : [head, rest] { try rig.send(piece) }
    #expect(rig.upstreams.count == 2)
    for upstream in rig.upstreams {
      let request = try rig.received(upstream)
      #expect(request.hasSuffix("\"}\r\n0\r\nx-sum: 1\r\n\r\n"), "\(request)")
    }
  }

  @Test func aClientThatLeavesInTheMiddleEndsTheCopyToo() throws {
    let rig = try rig()
    try rig.send(
      "POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5030\r\n\r\n"
        + #"{"model":"chat","prompt":"aaa"#)
    #expect(rig.upstreams.count == 2)
    try rig.client.close().wait()
    rig.loop.run()
    #expect(rig.upstreams.allSatisfy { !$0.isActive })
  }
}
