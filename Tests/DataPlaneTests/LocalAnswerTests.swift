import NIOEmbedded
import Routing
import Synchronization
import Testing

@testable import DataPlane

/// Answers that a rule gives itself, as clients get them.
@Suite struct LocalAnswerTests {
  @Test func aRuleAnswersWithoutAnEndpointAndTheConnectionGoesOn() throws {
    let rig = try PipelineTests.Rig(decide: { facts in
      facts.model == "moved"
        ? .respond(LocalResponse(status: 308, fields: [.init("location", "https://x/new")]))
        : .respond(LocalResponse(status: 204, fields: [.init("vary", "origin")]))
    })
    let body = #"{"model":"moved"}"#
    try rig.send(
      "POST /old HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
        + body)
    let moved = try rig.received(rig.client)
    #expect(moved.hasPrefix("HTTP/1.1 308 ") && moved.contains("location: https://x/new\r\n"), "\(moved)")
    #expect(moved.contains("content-length: 0\r\n") && moved.hasSuffix("\r\n\r\n"), "\(moved)")
    try rig.send("OPTIONS /api HTTP/1.1\r\nHost: x\r\n\r\n")
    let answer = try rig.received(rig.client)
    #expect(answer.hasPrefix("HTTP/1.1 204 ") && answer.contains("vary: origin\r\n"), "\(answer)")
    #expect(!answer.contains("content-length") && answer.hasSuffix("\r\n\r\n"), "\(answer)")
    #expect(rig.upstreams.isEmpty && rig.client.isActive)
    #expect(rig.records.records.withLock { $0.map(\.status) } == [308, 204])
  }
}
