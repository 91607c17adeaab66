import CodecSupport
import DataPlane
import NIOCore
import Testing

/// A message, and what the codec makes of it: a row of the tables.
struct CodecCase: Sendable, CustomTestStringConvertible {
  /// What a row is about.
  enum Kind: String, CaseIterable, Sendable {
    case firstLine, target, version, lineEnd, emptyLine, fieldName, fieldValue, folding, length, coding,
      lengthBesideCoding
    case chunkSize, chunkExtension, chunkEnd, trailer, oldVersion, host, bound, several, handOver, interim, noBody,
      untilClose
    case unasked, expectation, forwards
  }

  /// What the codec makes of it.
  enum Outcome: Equatable, Sendable {
    /// Whole messages, as ``CodecCase/text(_:)`` writes them.
    case reads(String)
    /// Part of a message, and no fault.
    case waits(String)
    case refuses(HTTP1Fault)
  }

  var kind: Kind
  var name: String
  var bytes: [UInt8]
  var outcome: Outcome
  /// The fields of the last message, one a line.
  var fields: String?
  /// The request that a response is for was a HEAD.
  var isHead = false
  /// What the gateway answers a client that sends this, where it is not what the outcome tells: see ``answers``.
  var told: [Int]?
  /// The connection serves nothing more, though the message is read.
  var closes = false

  var testDescription: String { "\(kind): \(name)" }

  /// The statuses that a client is answered which sends these requests to a gateway whose endpoint answers each with 200.
  var answers: [Int] {
    if let told { return told }
    return switch outcome {
    case .waits: []
    case .refuses: status.map { [$0] } ?? []
    case .reads(let text): Array(repeating: 200, count: text.split(separator: " | ").count)
    }
  }

  /// The same row, whose connection serves nothing more.
  var closing: CodecCase {
    var row = self
    row.closes = true
    return row
  }

  /// The same row; what the gateway answers is not for the codec to say.
  func answered(_ statuses: Int...) -> CodecCase {
    var row = self
    row.told = statuses
    row.closes = statuses.contains { $0 >= 400 }
    return row
  }

  /// What a client is answered when its request is refused; what it is answered when an endpoint's response is: 502.
  var status: Int? {
    guard case .refuses(let fault) = outcome else { return nil }
    return switch fault {
    case .unknownCoding: 501
    case .version: 505
    case .headTooLarge, .tooManyFields: 431
    case .targetTooLong: 414
    default: 400
    }
  }

  /// Bounds that short messages reach.
  static let limits = HTTP1Limits(headBytes: 256, fields: 6, chunkExtensionBytes: 16, trailerBytes: 48)

  static func reads(
    _ kind: Kind, _ name: String, _ bytes: String, _ text: String, fields: String? = nil, isHead: Bool = false
  ) -> CodecCase {
    CodecCase(
      kind: kind, name: name, bytes: Array(bytes.utf8), outcome: .reads(text), fields: fields, isHead: isHead)
  }

  static func waits(_ kind: Kind, _ name: String, _ bytes: String, _ text: String = "") -> CodecCase {
    CodecCase(kind: kind, name: name, bytes: Array(bytes.utf8), outcome: .waits(text))
  }

  static func refuses(
    _ kind: Kind, _ name: String, _ bytes: String, _ fault: HTTP1Fault, isHead: Bool = false
  ) -> CodecCase {
    CodecCase(kind: kind, name: name, bytes: Array(bytes.utf8), outcome: .refuses(fault), isHead: isHead)
  }

  /// A trace as the rows write it: `POST / HTTP/1.1 length(5) "hello"`, messages with a bar between them.
  static func text(_ trace: CodecTrace) -> String {
    trace.messages.map { message in
      let framing = message.framing.map { " \($0)" } ?? ""
      let body = message.body.isEmpty ? "" : " " + String(decoding: message.body, as: UTF8.self).debugDescription
      return message.start + framing + body
    }.joined(separator: " | ")
  }

  /// A trace as an outcome.
  static func outcome(_ trace: CodecTrace) -> Outcome {
    if let fault = trace.fault { return .refuses(fault) }
    let isWhole = trace.messages.last?.isWhole ?? false
    return isWhole ? .reads(text(trace)) : .waits(text(trace))
  }
}

/// A request with the lines of its fields behind `Host`.
func message(_ start: String, _ fields: [String], _ body: String = "") -> String {
  ([start, "Host: x"] + fields).joined(separator: "\r\n") + "\r\n\r\n" + body
}

/// A POST with the lines of its fields behind `Host`.
func message(_ fields: [String], _ body: String = "") -> String { message("POST / HTTP/1.1", fields, body) }

/// A request with a body in chunks.
func chunks(_ body: String) -> String { message(["Transfer-Encoding: chunked"], body) }

/// A response with the lines of its fields.
func response(_ start: String, _ fields: [String], _ body: String = "") -> String {
  ([start] + fields).joined(separator: "\r\n") + "\r\n\r\n" + body
}

/// A response with the status 200 and the lines of its fields.
func response(_ fields: [String], _ body: String = "") -> String { response("HTTP/1.1 200 OK", fields, body) }

/// All ways to cut bytes that the tables try: not at all, at each place, and everywhere.
func cuts(of bytes: [UInt8]) -> [[ByteBuffer]] {
  let whole = [ByteBuffer(bytes: bytes)]
  let halves = (1..<max(bytes.count, 1)).map { [ByteBuffer(bytes: bytes[..<$0]), ByteBuffer(bytes: bytes[$0...])] }
  return [whole] + halves + [bytes.map { ByteBuffer(bytes: [$0]) }]
}
