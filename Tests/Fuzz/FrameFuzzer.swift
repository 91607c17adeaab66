import CodecSupport
import TestSupport

/// Sends mutated connections of HTTP/2 to a gateway in memory, and mutated answers of endpoints: none ends the process, leaves anything
/// behind, or makes it hold or send more than it may.
struct FrameFuzzer: Fuzzer {
  let options: FuzzOptions
  private var edge: EdgeRun
  var input: [UInt8] { edge.input }

  init(_ options: FuzzOptions) throws {
    self.options = options
    edge = EdgeRun(
      EdgeRun.Corpus(
        clients: try options.messages("clients", named: ["h2"]),
        endpoints: try options.messages("endpoints", named: ["h2"]),
        responses: try options.messages("responses")))
  }

  mutating func run(_ number: Int) throws -> String? { try edge.run(options.draws(of: number)) }

  func summary(_ runs: String) -> [String] {
    let counts = edge.counts
    return [
      "\(runs)",
      "requests answered \(counts.answered), reset \(counts.reset); connections ended for what they did \(counts.ended), "
        + "of HTTP/1 to endpoints of HTTP/2 \(counts.overHTTP1)",
    ]
  }
}
