import Foundation
import Routing
import SwiftProtobuf
import Testing

@testable import ExternalProcessing

/// Pickers that do not keep to the protocol. None of them is picked by; each is told by what is wrong.
@Suite struct PickerMisbehaviourTests {
  struct Misbehaviour: Sendable, CustomTestStringConvertible {
    var name: String
    var turns: [Turn]
    var hasBody = true
    var reason: String

    var testDescription: String { name }
  }

  static let requests: [Misbehaviour] = [
    .init(name: "closes without an answer", turns: [.cleanEnd], reason: "closed the stream without an answer"),
    .init(
      name: "closes after the body, before the head", turns: [.reply(Replies.silence), .bodyShown, .cleanEnd],
      reason: "without an answer"),
    .init(name: "fails", turns: [.closed(.status(14, "no pods"))], reason: "status 14 UNAVAILABLE: no pods"),
    .init(
      name: "fails behind its answer of the head", turns: [.reply(Replies.head()), .closed(.status(13, ""))],
      reason: "status 13 INTERNAL"),
    .init(name: "does not know the service", turns: [.closed(.status(12, ""))], reason: "status 12 UNIMPLEMENTED"),
    .init(name: "has a status of its own", turns: [.closed(.status(99, ""))], reason: "status 99 ?"),
    .init(name: "resets the stream", turns: [.closed(.lost("it reset the stream"))], reason: "it reset the stream"),
    .init(
      name: "is lost in the middle of its body",
      turns: [.bodyShown, .reply(Replies.head()), .reply(Replies.streamed("x")), .closed(.lost("gone"))], reason: "gone"
    ),
    .init(
      name: "closes in the middle of its body",
      turns: [.bodyShown, .reply(Replies.head()), .reply(Replies.streamed("x")), .cleanEnd],
      reason: "broke off the body"),
    .init(name: "sends what is no message", turns: [.malformed("no message")], reason: "no message"),
    .init(name: "names no endpoint", turns: [.reply(Replies.head(nil))], hasBody: false, reason: "named no endpoint"),
    .init(name: "names an empty list", turns: [.reply(Replies.head(""))], hasBody: false, reason: "named no endpoint"),
    .init(
      name: "names commas", turns: [.reply(Replies.head(" , ,"))], hasBody: false, reason: "no address and port"),
    .init(
      name: "names an address without a port", turns: [.reply(Replies.head("10.0.0.1"))], hasBody: false,
      reason: "no address and port: '10.0.0.1'"),
    .init(
      name: "names a port that is none", turns: [.reply(Replies.head("10.0.0.1:70000"))], hasBody: false,
      reason: "no address and port"),
    .init(
      name: "names no endpoint and closes", turns: [.reply(Replies.head(nil)), .cleanEnd], reason: "named no endpoint"),
    .init(
      name: "answers the head twice", turns: [.reply(Replies.head()), .reply(Replies.head())], reason: "head twice"),
    .init(
      name: "sends a body before the head", turns: [.bodyShown, .reply(Replies.streamed("x"))],
      reason: "before it has answered the head"),
    .init(
      name: "ends a body that it has not got",
      turns: [.reply(Replies.head()), .reply(Replies.streamed("x", ends: true))],
      reason: "not got whole"),
    .init(
      name: "streams behind its silence",
      turns: [.bodyShown, .reply(Replies.silence), .reply(Replies.streamed("x"))], reason: "more of the body"),
    .init(
      name: "answers a body that there is not", turns: [.reply(Replies.silence)], hasBody: false,
      reason: "which has none"),
    .init(
      name: "changes the body in a buffered mode", turns: [.bodyShown, .reply(Replies.buffered("x"))],
      reason: "another mode"),
    .init(name: "clears the body in a buffered mode", turns: [.reply(Replies.buffered(nil))], reason: "another mode"),
    .init(
      name: "sends a huge body",
      turns: [.bodyShown, .reply(Replies.head()), .reply(Replies.streamed(String(repeating: "x", count: 2 << 20)))],
      reason: "more than the 1048576 bytes"),
    .init(
      name: "replaces the body by a huge one",
      turns: [.reply(Replies.replacing(String(repeating: "x", count: 2 << 20)))],
      reason: "more than the 1048576 bytes"),
    .init(
      name: "answers a response that is not there", turns: [.reply(Replies.response())], reason: "before it was shown"),
    .init(name: "answers a response's body", turns: [.reply(.with { $0.responseBody = .init() })], reason: "not shown"),
    .init(
      name: "answers trailers", turns: [.reply(.with { $0.requestTrailers = .init() })], reason: "answers trailers"),
    .init(
      name: "answers the response's trailers", turns: [.reply(.with { $0.responseTrailers = .init() })],
      reason: "answers trailers"),
    .init(
      name: "forges a header by a line break",
      turns: [.reply(Replies.head(set: [Replies.option("x-a", "1\r\nx-b: 2")]))],
      reason: "header x-a has a byte"),
    .init(
      name: "sets a header with a NUL", turns: [.reply(Replies.head(set: [Replies.option("x-a", "\0")]))],
      reason: "header x-a has a byte"),
    .init(
      name: "sets a header without a name", turns: [.reply(Replies.head(set: [Replies.option("", "1")]))],
      reason: "whose name no header"),
    .init(
      name: "sets a header whose name is two", turns: [.reply(Replies.head(set: [Replies.option("x a:", "1")]))],
      reason: "whose name no header"),
    .init(
      name: "removes what is no name", turns: [.reply(Replies.head(remove: ["x\r\n"]))], reason: "whose name no header"),
    .init(
      name: "sets headers without end",
      turns: [.reply(Replies.head(set: Array(repeating: Replies.option("x-a", "1"), count: 300)))],
      reason: "more than 256 headers"),
    .init(
      name: "sets a huge header",
      turns: [.reply(Replies.head(set: [Replies.option("x-a", String(repeating: "1", count: 70_000))]))],
      reason: "more than 65536 bytes"),
    .init(
      name: "sets a path that is none", turns: [.reply(Replies.head(set: [Replies.option(":path", "v1 /")]))],
      reason: "path that no request"),
    .init(
      name: "answers with a status that is none", turns: [.reply(Replies.immediate(0))],
      reason: "status 0, which is none"),
    .init(name: "answers with an interim status", turns: [.reply(Replies.immediate(100))], reason: "status 100"),
    .init(
      name: "answers with a huge body", turns: [.reply(Replies.immediate(503, String(repeating: "x", count: 2 << 20)))],
      reason: "answer has 2097152 bytes"),
    .init(
      name: "answers with a forged header",
      turns: [.reply(Replies.immediate(503, set: [Replies.option("x-a", "\r\n\r\n")]))], reason: "header x-a has a byte"
    ),
    .init(
      name: "sends empty messages without end", turns: Array(repeating: .reply(Replies.Reply()), count: 70_000),
      reason: "without end"),
  ]

  @Test(arguments: requests) func aPickerThat(_ misbehaviour: Misbehaviour) throws {
    let actions = play(misbehaviour.turns, hasBody: misbehaviour.hasBody)
    guard case .say(.failed(let reason))? = actions.first else {
      Issue.record("\(misbehaviour.name): \(actions.prefix(3))")
      return
    }
    #expect(reason.contains(misbehaviour.reason), "\(reason)")
    #expect(actions.dropFirst().allSatisfy { $0 == .reset })
    #expect(actions.count <= 2)
  }

  static let responses: [Misbehaviour] = [
    .init(name: "fails", turns: [.responseShown, .closed(.status(13, ""))], reason: "INTERNAL"),
    .init(name: "is lost before the response", turns: [.closed(.lost("gone")), .responseShown], reason: "gone"),
    .init(
      name: "answers before it is shown anything", turns: [.reply(Replies.response())], reason: "before it was shown"),
    .init(
      name: "replaces a body that it was not shown",
      turns: [.responseShown, .reply(.with { $0.responseHeaders.response.status = .continueAndReplace })],
      reason: "replaces the response's body"),
    .init(
      name: "forges a header", turns: [.responseShown, .reply(Replies.response([Replies.option("x-a", "\n")]))],
      reason: "header x-a has a byte"),
    .init(
      name: "answers the request once more", turns: [.responseShown, .reply(Replies.head())], reason: "head twice"),
    .init(name: "goes on with the body", turns: [.reply(Replies.streamed("x"))], reason: "more of the body"),
  ]

  /// A picker that has picked: what it does wrong then costs no request.
  @Test(arguments: responses) func afterItsPickAPickerThat(_ misbehaviour: Misbehaviour) {
    let start: [Turn] = [.bodyShown, .reply(Replies.head()), .reply(Replies.silence)]
    let actions = play(start + misbehaviour.turns)
    #expect(actions.first == picked())
    let failures = actions.compactMap { action -> String? in
      guard case .say(.failed(let reason)) = action else { return nil }
      return reason
    }
    #expect(failures.count == 1)
    #expect(failures.first?.contains(misbehaviour.reason) == true, "\(failures)")
  }

  @Test func aSecondAnswerOfTheResponseIsAFault() {
    let actions = play(
      [.reply(Replies.head()), .responseShown, .reply(Replies.response()), .reply(Replies.response())], hasBody: false)
    #expect(actions.suffix(2) == [.say(.failed("it answers the response's head twice")), .reset])
  }
}
