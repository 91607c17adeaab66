import CodecSupport
import DataPlane

/// What the runs came to.
struct FuzzSummary {
  private var whole = 0
  private var waiting = 0
  private var faults: [HTTP1Fault: Int] = [:]
  /// Runs that were compared with the reference.
  var compared = 0
  /// What the codec refused and the reference read.
  var stricter: [HTTP1Fault: Int] = [:]

  /// Counts what a run read.
  mutating func note(_ log: CodecLog) {
    if let fault = log.fault {
      faults[fault, default: 0] += 1
    } else if log.heads > 0, log.heads == log.ends {
      whole += 1
    } else {
      waiting += 1
    }
  }

  /// All of it.
  func lines(_ runs: String) -> [String] {
    [
      "\(runs); each read whole and cut",
      "read \(whole), waits for more \(waiting), refused \(faults.values.reduce(0, +)): \(Self.list(faults))",
      "compared with the reference \(compared); refused, and read by it: \(Self.list(stricter))",
    ]
  }

  private static func list(_ faults: [HTTP1Fault: Int]) -> String {
    faults.sorted { $0.value > $1.value }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
  }
}
