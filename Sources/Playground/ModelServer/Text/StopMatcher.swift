/// Finds stop strings in generated text and holds back what could be the beginning of one.
struct StopMatcher: Sendable {
  private let stops: [String]
  private let keepsStop: Bool
  private var held = ""

  init(stops: [String], keepsStop: Bool) {
    self.stops = stops.filter { !$0.isEmpty }
    self.keepsStop = keepsStop
  }

  /// Adds text; gives what may be sent, and the stop string that was met.
  mutating func append(_ text: String, mayStop: Bool) -> (text: String, stop: String?) {
    guard !stops.isEmpty else { return (text, nil) }
    held += text
    if mayStop, let (range, stop) = firstStop() {
      let end = keepsStop ? range.upperBound : range.lowerBound
      let sent = String(held[..<end])
      held = ""
      return (sent, stop)
    }
    let keep = longestPossibleBeginning()
    let split = held.index(held.endIndex, offsetBy: -keep)
    let sent = String(held[..<split])
    held = String(held[split...])
    return (sent, nil)
  }

  /// What was held back, when the text ends otherwise.
  mutating func flush() -> String {
    defer { held = "" }
    return held
  }

  private func firstStop() -> (Range<String.Index>, String)? {
    stops.compactMap { stop in held.firstRange(of: stop).map { ($0, stop) } }
      .min { $0.0.lowerBound < $1.0.lowerBound }
  }

  private func longestPossibleBeginning() -> Int {
    var longest = 0
    for stop in stops {
      for length in stride(from: min(stop.count - 1, held.count), to: longest, by: -1)
      where held.hasSuffix(stop.prefix(length)) {
        longest = length
        break
      }
    }
    return longest
  }
}
