import NIOCore
import NIOHPACK
import Routing
import Testing

@testable import DataPlane

/// What a stream of HTTP/2 from an endpoint is read as.
@Suite struct HTTP2ResponseReaderTests {
  private enum Frame {
    case fields([(String, String)], ends: Bool)
    case data(String, ends: Bool)
  }

  /// The parts as text: what matters of each.
  private func read(_ frames: [Frame], isHead: Bool = false, limits: HTTP1Limits = HTTP1Limits()) -> [String] {
    var reader = HTTP2ResponseReader(limits: limits)
    reader.begin(isHead: isHead)
    var parts: [String] = []
    for frame in frames {
      switch frame {
      case .fields(let fields, let ends): reader.receive(HPACKHeaders(fields), ends: ends)
      case .data(let text, let ends): reader.receive(ByteBuffer(string: text), ends: ends)
      }
      next: while true {
        switch reader.next() {
        case .needMore: break next
        case .interim: parts.append("interim \(reader.head.status)")
        case .head(let framing): parts.append("head \(reader.head.status) \(framing)")
        case .body(let piece): parts.append("body \(String(buffer: piece))")
        case .end:
          let trailer = reader.trailer.map { block in block.fields.map { block.text($0.name) } }
          parts.append(trailer.map { "end with \($0.joined(separator: ","))" } ?? "end")
        case .lost(let failure): parts.append("\(failure.kind.rawValue): \(failure.message)")
        }
      }
    }
    return parts
  }

  private static let ok = [(":status", "200")]

  @Test func aResponseIsHeadBodyAndTrailer() {
    #expect(read([.fields(Self.ok, ends: true)]) == ["head 200 length(0)", "end"])
    #expect(
      read([.fields(Self.ok, ends: false), .data("ab", ends: false), .data("", ends: true)])
        == ["head 200 chunked", "body ab", "end"])
    #expect(
      read([.fields(Self.ok + [("content-length", "2")], ends: false), .data("ab", ends: true)])
        == ["head 200 length(2)", "body ab", "end"])
    #expect(
      read([.fields(Self.ok, ends: false), .data("ab", ends: false), .fields([("grpc-status", "0")], ends: true)])
        == ["head 200 chunked", "body ab", "end with grpc-status"])
  }

  @Test func interimResponsesComeBeforeTheResponse() {
    let hints = Frame.fields([(":status", "103"), ("link", "</a>")], ends: false)
    #expect(read([hints, .fields(Self.ok, ends: true)]) == ["interim 103", "head 200 length(0)", "end"])
    let many = read(Array(repeating: hints, count: 17))
    #expect(many.count == 17 && many[16].hasPrefix("invalid_response"))
  }

  @Test func whatHasNoBodyHasNone() {
    let long = Frame.fields(Self.ok + [("content-length", "5")], ends: true)
    #expect(read([long], isHead: true) == ["head 200 none", "end"])
    #expect(read([.fields([(":status", "304"), ("content-length", "5")], ends: true)]) == ["head 304 none", "end"])
    let withBody = read([.fields([(":status", "204")], ends: false), .data("x", ends: true)])
    #expect(withBody.last == "invalid_response: its body is longer than its head says")
  }

  struct Refused: Sendable, CustomTestStringConvertible {
    var name: String
    var fields: [(String, String)]
    var testDescription: String { name }

    /// A head that has a status, and these fields.
    static func ok(_ name: String, _ fields: (String, String)...) -> Refused {
      Refused(name: name, fields: [(":status", "200")] + fields)
    }

    static func all(_ name: String, _ fields: (String, String)...) -> Refused { Refused(name: name, fields: fields) }
  }

  static let malformed: [Refused] = [
    .all("no status", ("a", "b")), .ok("two statuses", (":status", "200")),
    .all("a status of two digits", (":status", "20")), .all("a status that is no number", (":status", "2x0")),
    .all("a status behind a header", ("a", "b"), (":status", "200")), .ok("another pseudo-header", (":path", "/")),
    .ok("capitals", ("Server", "x")), .ok("connection", ("connection", "close")),
    .ok("coding", ("transfer-encoding", "chunked")), .ok("a line break", ("a", "b\r\nc: d")),
    .ok("a blank at the end", ("a", "b ")), .ok("an empty name", ("", "b")),
    .ok("a length that is no number", ("content-length", "+1")),
    .ok("two lengths", ("content-length", "1"), ("content-length", "1")),
    .all("switched protocols", (":status", "101")),
  ]

  @Test("what is no valid response is not relayed", arguments: malformed) func refused(_ row: Refused) {
    let parts = read([.fields(row.fields, ends: false), .data("x", ends: true)])
    #expect(parts.count == 1 && parts.first?.hasPrefix("invalid_response: ") == true, "\(parts)")
  }

  @Test func aBodyIsAsLongAsItsHeadSays() {
    let head = Frame.fields(Self.ok + [("content-length", "3")], ends: false)
    #expect(read([head, .data("ab", ends: true)]).last == "invalid_response: its body is shorter than its head says")
    #expect(read([head, .data("abcd", ends: false)]).last == "invalid_response: its body is longer than its head says")
    let empty = read([.fields(Self.ok + [("content-length", "3")], ends: true)])
    #expect(empty.last == "invalid_response: its body is shorter than its head says")
  }

  @Test func otherOrdersAreRefused() {
    #expect(read([.data("x", ends: false)]) == ["invalid_response: a body came before its head"])
    let middle = read([.fields(Self.ok, ends: false), .data("x", ends: false), .fields([("a", "b")], ends: false)])
    #expect(middle.last == "invalid_response: behind its body came headers that are no trailer")
    let second = read([.fields(Self.ok, ends: false), .fields(Self.ok, ends: true)])
    #expect(second.last?.hasPrefix("invalid_response") == true)
    let interim = read([.fields([(":status", "103")], ends: true)])
    #expect(interim == ["invalid_response: an interim response speaks of a body"])
  }

  @Test func whatIsLostIsToldBehindWhatHadCome() {
    var reader = HTTP2ResponseReader(limits: HTTP1Limits())
    reader.begin(isHead: false)
    reader.receive(HPACKHeaders(Self.ok), ends: false)
    reader.receive(ByteBuffer(string: "half"), ends: false)
    let failure = GatewayError(.invalidResponse, "gone")
    reader.lose(failure)
    let parts = (0..<4).map { _ in reader.next() }
    #expect(parts == [.head(.chunked), .body(ByteBuffer(string: "half")), .lost(failure), .needMore])
    // What is whole cannot be lost.
    var whole = HTTP2ResponseReader(limits: HTTP1Limits())
    whole.receive(HPACKHeaders(Self.ok), ends: true)
    whole.lose(failure)
    let rest = (0..<3).map { _ in whole.next() }
    #expect(rest == [.head(.length(0)), .end, .needMore])
  }
}
