import CodecSupport
import Foundation
import NIOCore
import Routing
import TestSupport
import Testing

@testable import DataPlane

/// The gateway beside nginx: what it takes for a malformed request we do not take, and where both take one, both read the
/// same body. That we refuse more is no finding.
@Suite struct NginxTests {
  private static let seed: UInt64 = 1
  /// What nginx refuses and we take, and why that is well.
  private static let known: [(reason: String, matches: @Sendable (RequestHead, _ message: String) -> Bool)] = [
    (
      "a method is any token (RFC 9110, section 9.1); nginx takes capital letters, '_' and '-'",
      { head, _ in !head.methodText.utf8.allSatisfy { 0x41...0x5A ~= $0 || $0 == 0x5F || $0 == 0x2D } }
    ),
    (
      "OPTIONS asks for '*' (RFC 9112, section 3.2.4), which nginx knows not",
      { head, _ in head.pathText == "*" }
    ),
    (
      "a tab around the value of Host is a blank like any other (RFC 9110, section 5.6.3)",
      { _, message in message.contains(/Host:[^\r\n]*\t/) }
    ),
    (
      "the host of a URL may have marks (RFC 3986, section 3.2.2); nginx takes letters, digits, '.', '-' and '_'",
      { head, _ in head.hostText.contains(/[^A-Za-z0-9.\-_:]/) }
    ),
  ]

  @Test func neitherReadsWhatTheOtherDoesNot() async throws {
    guard NginxReference.isThere else { return print("skipped: no nginx: the gateway is not compared with it") }
    try await NginxReference.run { nginx in
      for row in CodecCase.requests where row.kind != .bound { try compare(row.bytes, nginx) }
      var mutator = MessageMutator(SeededGenerator(Self.seed))
      let messages = try DifferentialTests.corpus("requests")
      for _ in 0..<1500 {
        mutator.make(from: messages)
        try compare(mutator.bytes, nginx)
      }
    }
  }

  private func compare(_ bytes: [UInt8], _ nginx: NginxReference) throws {
    let answers = try nginx.answers(to: bytes)
    let ours = Served(bytes)
    for (message, answer) in zip(ours.messages, answers) {
      let text = String(decoding: bytes, as: UTF8.self)
      if answer.status == 400 || answer.status == 501 {
        guard !Self.known.contains(where: { $0.matches(message.head, text) }) else { return }
        Issue.record(
          "nginx answers \(answer.status), and we read \(message.head.methodText) \(message.body): \(text.debugDescription)"
        )
        return
      }
      guard let body = answer.body else { return }
      guard body == message.body else {
        return _ = Issue.record("nginx reads the body \(body), and we \(message.body): \(text.debugDescription)")
      }
    }
  }

  /// The requests that a connection of ours would serve, whole ones only.
  private struct Served {
    private(set) var messages: [(head: RequestHead, body: [UInt8])] = []

    init(_ bytes: [UInt8]) {
      var connection = HTTP1Connection(limits: HTTP1Limits())
      connection.receive(ByteBuffer(bytes: bytes))
      var body: [UInt8] = []
      while true {
        switch connection.next() {
        case .begin(_, let fault):
          body = []
          if fault != nil { return }
        case .body(let piece): body.append(contentsOf: piece.readableBytesView)
        case .nothing, .fault: return
        case .end:
          messages.append((connection.head, body))
          _ = connection.respond(.none, date: HTTPDate(seconds: 0))
          guard case .next = connection.finish(.complete(ends: false)) else { return }
        }
      }
    }
  }
}
