import CodecSupport
import Foundation
import TestSupport
import Testing

@testable import DataPlane

/// Connections of HTTP/2 as frames, right and nearly right, to a whole gateway in memory; hack/fuzz does the last of these tests for as
/// long as you like.
@Suite struct EdgeFramesTests {
  /// What a client of a connection of the corpus saw. Its bytes come in these pieces; behind the last each request that has reached an
  /// endpoint is answered.
  private static func answers(_ pieces: [ArraySlice<UInt8>]) throws -> [UInt32: FrameJudge.Answer] {
    let rig = try EdgeRig { if $0.isHTTP2 { $0.sends = [0, 0, 0, 4, 0, 0, 0, 0, 0] } }
    // Some end the connection.
    for piece in pieces { _ = rig.send([piece]) }
    for _ in 0..<40 { try answer(rig) }
    #expect(rig.excess == nil)
    let judge = rig.judge
    #expect(rig.end() == nil)
    return judge.answers
  }

  private static func answer(_ rig: EdgeRig) throws {
    for endpoint in rig.endpoints where endpoint.isOpen {
      try endpoint.look()
      if endpoint.isHTTP2 || endpoint.isAsked {
        if endpoint.sends.isEmpty, !endpoint.isHTTP2 {
          endpoint.sends = Array("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok".utf8)[...]
        }
        endpoint.isAsked = false
        rig.answer(endpoint, endpoint.sends.count)
      }
    }
  }

  /// Connections on which nothing is taken back, so that it makes no difference what was answered before what.
  @Test(arguments: [
    "get", "post", "trailer", "continuation", "half-closed", "window-small", "pings", "huffman",
  ])
  func aConnectionIsTheSameWhereverItIsCut(_ name: String) throws {
    let bytes = RawFrame.preface + (try Self.file("clients/\(name).h2"))
    let whole = try Self.answers([bytes[...]])
    #expect(!whole.isEmpty)
    for cut in 1..<bytes.count {
      let parts = try Self.answers([bytes[..<cut], bytes[cut...]])
      #expect(parts == whole, "cut at \(cut)")
    }
  }

  @Test func theAnswerToARequestThatWasTakenBackIsNotThatToTheNext() throws {
    let bytes = RawFrame.preface + (try Self.file("clients/taken-back.h2"))
    let answers = try Self.answers([bytes[...]])
    #expect(answers[1]?.statuses ?? [] == [])
    #expect(answers[3] == FrameJudge.Answer(status: "200", bodyBytes: 2), "\(answers)")
  }

  @Test func aBurstOfRequestsLeavesFewObjectsBehind() throws {
    let rig = try EdgeRig()
    var bytes = RawFrame.preface
    RawFrame(RawFrame.settings).write(to: &bytes)
    // GET /none, one after the other and all at once.
    let head: [UInt8] = [0x82, 0x86, 0x04, 5] + Array("/none".utf8) + [0x01, 1, UInt8(ascii: "x")]
    for number in 0..<60 {
      let flags = RawFrame.endStream | RawFrame.endHeaders
      RawFrame(RawFrame.headers, flags: flags, stream: UInt32(2 * number + 1), head).write(to: &bytes)
    }
    #expect(rig.send([bytes[...]]))
    #expect(rig.judge.answers.values.count { $0.statuses == ["404"] && $0.hasEnded } == 60)
    #expect((1...HTTP2Limits.spareStreams).contains(rig.spareStreams))
    #expect(rig.end() == nil)
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64]) func mutatedConnections(_ seed: UInt64) throws {
    var edge = EdgeRun(
      EdgeRun.Corpus(
        clients: try Self.files("clients", "h2"), endpoints: try Self.files("endpoints", "h2"),
        responses: try Self.files("responses", "http")))
    var draws = SeededGenerator(seed)
    for number in 0..<150 {
      if let found = try edge.run(SeededGenerator(draws.next())) {
        Issue.record("run \(number): \(found): \(edge.input)")
        return
      }
    }
    #expect(edge.counts.answered > 20 && edge.counts.overHTTP1 > 20, "\(edge.counts)")
  }

  private static func file(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: repository.appending(path: "Tests/Fuzz/Corpus/\(name)")))
  }

  private static func files(_ folder: String, _ ending: String) throws -> [[UInt8]] {
    let place = repository.appending(path: "Tests/Fuzz/Corpus/\(folder)")
    let names = try FileManager.default.contentsOfDirectory(atPath: place.path)
    return try names.filter { $0.hasSuffix(".\(ending)") }.sorted().map { try file("\(folder)/\($0)") }
  }
}
