/// Which requests the access log tells of, and how.
package struct AccessLogConfiguration: Sendable, Equatable {
  /// How a line is written.
  package enum Format: String, Sendable, CaseIterable {
    /// For people and for awk: the time, then `key=value` pairs.
    case text
    /// For collectors: one JSON object a line.
    case json
  }

  package var format: Format
  /// The share of requests that are told of, 0 to 1. Those that ended in an error or a status of 400 or above always are.
  package var sample: Double
  /// Bytes of lines that may wait to be written; further lines are dropped and counted.
  package var maximumWaitingBytes = 4 << 20

  /// A configuration.
  package init(format: Format, sample: Double = 1) {
    self.format = format
    self.sample = sample
  }

  /// Whether the request of this number is among those told of: a share of all, spread as if at random.
  func samples(_ number: UInt64) -> Bool {
    guard sample < 1 else { return true }
    // SplitMix64: neighbours get numbers that have nothing to do with each other.
    var mixed = number &* 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return Double((mixed ^ mixed >> 31) >> 11) < sample * Double(1 << 53)
  }
}
