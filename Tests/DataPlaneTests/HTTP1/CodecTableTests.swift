import CodecSupport
import NIOCore
import Testing

@testable import DataPlane

/// Each row of the tables, cut in all ways, alone and with more behind it.
@Suite struct CodecTableTests {
  private static let next = Array(message("GET /next HTTP/1.1", []).utf8)

  @Test(arguments: CodecCase.requests) func request(_ row: CodecCase) {
    for pieces in cuts(of: row.bytes) {
      let trace = CodecTrace(requests: pieces, limits: CodecCase.limits)
      #expect(CodecCase.outcome(trace) == row.outcome, "\(pieces.map(\.readableBytes))")
      if let fields = row.fields { #expect(trace.messages.last?.fields.joined(separator: "\n") == fields) }
    }
  }

  @Test(arguments: CodecCase.requests) func requestWithAnotherBehindIt(_ row: CodecCase) {
    let outcome: CodecCase.Outcome
    switch row.outcome {
    case .waits: return
    case .refuses: outcome = row.outcome
    case .reads(let text): outcome = .reads("\(text) | GET /next HTTP/1.1 none")
    }
    for pieces in cuts(of: row.bytes + Self.next) {
      let trace = CodecTrace(requests: pieces, limits: CodecCase.limits)
      #expect(CodecCase.outcome(trace) == outcome, "\(pieces.map(\.readableBytes))")
    }
  }

  @Test(arguments: CodecCase.responses) func response(_ row: CodecCase) {
    for pieces in cuts(of: row.bytes) {
      let trace = CodecTrace(response: pieces, isHead: row.isHead, limits: CodecCase.limits)
      #expect(CodecCase.outcome(trace) == row.outcome, "\(pieces.map(\.readableBytes))")
      if let fields = row.fields { #expect(trace.messages.last?.fields.joined(separator: "\n") == fields) }
    }
  }

  /// On a connection that goes on: the next request's response is read, and a byte that comes before it is not.
  @Test(arguments: CodecCase.responses) func responseWithAnotherBehindIt(_ row: CodecCase) {
    guard case .reads(let text) = row.outcome, row.kind != .untilClose else { return }
    for pieces in cuts(of: row.bytes) {
      var reader = HTTP1ResponseReader(limits: CodecCase.limits)
      var trace = CodecTrace()
      reader.begin(isHead: row.isHead)
      for piece in pieces {
        reader.receive(piece)
        trace.read(&reader)
      }
      #expect(!reader.hasBegun)
      var early = reader
      reader.begin(isHead: false)
      reader.receive(ByteBuffer(string: "HTTP/1.1 202 X\r\nContent-Length: 0\r\n\r\n"))
      trace.read(&reader)
      #expect(CodecCase.outcome(trace) == .reads("\(text) | HTTP/1.1 202 length(0)"))
      early.receive(ByteBuffer(string: "H"))
      early.begin(isHead: false)
      let unasked = early.next()
      #expect(unasked == .fault(.unasked))
    }
  }

  /// Chunks that are relayed as they came are the same body to who reads them, once the empty line is behind them.
  @Test(arguments: CodecCase.responses) func relayedResponse(_ row: CodecCase) {
    for pieces in cuts(of: row.bytes) {
      var reader = HTTP1ResponseReader(limits: CodecCase.limits)
      reader.begin(isHead: row.isHead)
      var trace = CodecTrace()
      var (data, isChunked) = (0, false)
      for piece in pieces {
        reader.receive(piece)
        reading: while true {
          let part = reader.next()
          switch part {
          case .head(.chunked): (isChunked, reader.relaysChunks) = (true, true)
          case .needMore: break reading
          case .body(_, let count): data += count
          default: break
          }
          guard trace.note(part) else { break reading }
        }
      }
      guard isChunked else { continue }
      var relayed = ByteBuffer(string: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
      relayed.writeBytes(trace.messages.last?.body ?? [])
      if trace.messages.last?.isWhole == true { relayed.writeString("\r\n") }
      let again = CodecTrace(response: [relayed], limits: CodecCase.limits)
      let plain = CodecTrace(response: pieces, limits: CodecCase.limits)
      #expect(again.fault == nil)
      #expect(again.messages.last?.body == plain.messages.last?.body && data == plain.messages.last?.body.count)
      #expect(again.messages.last?.isWhole == plain.messages.last?.isWhole && trace.fault == plain.fault)
    }
  }

  @Test func tablesHoldWhatTheyShould() {
    let rows = CodecCase.requests + CodecCase.responses
    #expect(rows.count >= 80)
    #expect(Set(rows.map(\.kind)) == Set(CodecCase.Kind.allCases))
    let names = CodecCase.requests.map(\.testDescription)
    #expect(Set(names).count == names.count)
    // Each fault has a row.
    let faults = rows.compactMap { row in if case .refuses(let fault) = row.outcome { fault } else { nil } }
    #expect(Set(faults) == Set(HTTP1Fault.allCases))
    #expect(rows.allSatisfy { ($0.status == nil) == (CodecCase.isFault($0.outcome) == false) })
  }
}

extension CodecCase {
  static func isFault(_ outcome: Outcome) -> Bool {
    if case .refuses = outcome { true } else { false }
  }
}

extension CodecTrace {
  /// Takes a part; false behind a fault.
  fileprivate mutating func note(_ part: HTTP1ResponseReader.Part) -> Bool {
    switch part {
    case .needMore, .interim: break
    case .head, .switched: messages.append(.init(start: "", fields: []))
    case .body(let piece, _): append(piece)
    case .end: end()
    case .fault(let found):
      fault = found
      return false
    }
    return true
  }
}
