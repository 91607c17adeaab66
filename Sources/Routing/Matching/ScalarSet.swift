/// A set of Unicode scalars.
struct ScalarSet: Sendable, Equatable {
  var ranges: [ClosedRange<UInt32>]
  var isNegated = false

  init(_ ranges: [ClosedRange<UInt32>], isNegated: Bool = false) {
    self.ranges = ranges
    self.isNegated = isNegated
  }

  init(_ scalar: Unicode.Scalar) { self.init([scalar.value...scalar.value]) }

  func contains(_ value: UInt32) -> Bool {
    ranges.contains { $0.contains(value) } != isNegated
  }

  /// The set that also holds the other case of each ASCII letter it holds.
  var ignoringCase: ScalarSet {
    var wide = self
    for range in ranges {
      for (letters, shift) in [(UInt32(65)...90, 32), (UInt32(97)...122, -32)] where range.overlaps(letters) {
        let both = range.clamped(to: letters)
        wide.ranges.append(UInt32(Int(both.lowerBound) + shift)...UInt32(Int(both.upperBound) + shift))
      }
    }
    return wide
  }

  static let anyButNewline = ScalarSet([10...10], isNegated: true)

  /// The set that `\d`, `\w` or `\s` stands for, or its complement for the capital.
  static func named(_ letter: Unicode.Scalar) -> ScalarSet? {
    switch letter {
    case "d": ScalarSet([48...57])
    case "D": ScalarSet([48...57], isNegated: true)
    case "w": ScalarSet([48...57, 65...90, 95...95, 97...122])
    case "W": ScalarSet([48...57, 65...90, 95...95, 97...122], isNegated: true)
    case "s": ScalarSet([9...13, 32...32])
    case "S": ScalarSet([9...13, 32...32], isNegated: true)
    default: nil
    }
  }

  /// The ranges of the set, with a negation resolved.
  var resolved: [ClosedRange<UInt32>] {
    guard isNegated else { return ranges }
    var result: [ClosedRange<UInt32>] = []
    var next: UInt32 = 0
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if range.lowerBound > next { result.append(next...range.lowerBound - 1) }
      next = max(next, range.upperBound + 1)
    }
    if next <= 0x10FFFF { result.append(next...0x10FFFF) }
    return result
  }
}
