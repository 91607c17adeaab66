/// Draws one of several by weight.
enum WeightedDraw {
  /// An index below `count`, each with the probability of its weight over the sum. `nil` if all weights are zero or there
  /// are none.
  static func index(
    _ count: Int, weight: (Int) -> UInt64, using generator: inout some RandomNumberGenerator
  ) -> Int? {
    // Weights come from Kubernetes, where they are at most 1,000,000; a sum past 64 bits would need 2^44 of them.
    var sum: UInt64 = 0
    for index in 0..<count { sum &+= weight(index) }
    guard sum > 0 else { return nil }
    var drawn = count == 1 ? 0 : UInt64.random(in: 0..<sum, using: &generator)
    for index in 0..<count {
      let share = weight(index)
      if drawn < share { return index }
      drawn -= share
    }
    return nil
  }
}

/// Draws for everything that an event loop decides: from the system once, then as SplitMix64 (Steele, Lea, Flood, 2014)
/// makes them. Fit for weights and ties, not for secrets.
public struct DecisionGenerator: RandomNumberGenerator, Sendable {
  private var state = UInt64.random(in: .min ... .max)

  /// A generator with a seed of its own.
  public init() {}

  /// The next draw.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return EndpointPicker.mixed(state, -1)
  }
}
