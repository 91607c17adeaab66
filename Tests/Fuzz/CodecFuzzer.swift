import CodecSupport
import DataPlane
import NIOCore
import TestSupport

/// Reads mutated messages whole and cut, and wants the same both times; a share of them with the reference too.
struct CodecFuzzer: Fuzzer {
  let options: FuzzOptions
  var input: [UInt8] { mutator.bytes }
  private let requests: [[UInt8]]
  private let responses: [[UInt8]]
  private var mutator = MessageMutator(SeededGenerator(0))
  private var whole = CodecLog()
  private var cut = CodecLog()
  private var pieces: [ByteBuffer] = []
  private var summary = FuzzSummary()
  /// Small bounds, so that short messages reach them.
  private let limits = HTTP1Limits(headBytes: 400, fields: 12, chunkExtensionBytes: 24, trailerBytes: 60)

  init(_ options: FuzzOptions) throws {
    self.options = options
    requests = try options.messages("requests")
    responses = try options.messages("responses")
  }

  /// One message; says what was wrong.
  mutating func run(_ number: Int) -> String? {
    mutator.restart(options.draws(of: number))
    let isResponse = mutator.below(3) == 0
    mutator.make(from: isResponse ? responses : requests)
    let isHead = isResponse && mutator.below(8) == 0
    let relays = isResponse && mutator.below(2) == 0
    // Most runs have the real bounds: those with small ones reach what lies behind a bound less often.
    let limits = mutator.below(4) == 0 ? limits : HTTP1Limits()
    let message = ByteBuffer(bytes: mutator.bytes)
    pieces.removeAll(keepingCapacity: true)
    pieces.append(message)
    whole.removeAll()
    read(&whole, isResponse, isHead, relays, limits)
    split(message)
    cut.removeAll()
    read(&cut, isResponse, isHead, relays, limits)
    if whole != cut { return "whole it is not read as in pieces of \(pieces.map(\.readableBytes)), \(cuts)" }
    summary.note(whole)
    guard options.share > 0, number % options.share == 0 else { return nil }
    return compare(message, isResponse, isHead)
  }

  func summary(_ runs: String) -> [String] { summary.lines(runs) }

  private var cuts: String { "faults \(String(describing: whole.fault)) and \(String(describing: cut.fault))" }

  private func read(
    _ log: inout CodecLog, _ isResponse: Bool, _ isHead: Bool, _ relays: Bool, _ limits: HTTP1Limits
  ) {
    if isResponse {
      log.readResponse(pieces, isHead: isHead, relays: relays, limits: limits)
    } else {
      log.readRequests(pieces, limits: limits)
    }
  }

  /// Cuts the message at up to three places; one time in 32 at all.
  private mutating func split(_ message: ByteBuffer) {
    pieces.removeAll(keepingCapacity: true)
    var rest = message
    let isDrip = mutator.below(32) == 0
    var cuts = isDrip ? message.readableBytes : 1 + mutator.below(3)
    while cuts > 0, rest.readableBytes > 1 {
      cuts -= 1
      let count = isDrip ? 1 : 1 + mutator.below(rest.readableBytes - 1)
      if let piece = rest.readSlice(length: count) { pieces.append(piece) }
    }
    pieces.append(rest)
  }

  private mutating func compare(_ message: ByteBuffer, _ isResponse: Bool, _ isHead: Bool) -> String? {
    let found = isResponse ? Comparison(response: [message], isHead: isHead) : Comparison(requests: [message])
    switch found {
    case .same: summary.compared += 1
    case .stricter(let fault):
      guard Comparison.strictness.contains(fault) else { return "the reference does not refuse it: \(fault)" }
      summary.compared += 1
      summary.stricter[fault, default: 0] += 1
    case .different(let difference): return "beside the reference: \(difference)"
    }
    return nil
  }
}
