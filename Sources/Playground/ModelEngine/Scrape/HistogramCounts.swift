/// A histogram's buckets, not cumulative.
public struct HistogramCounts: Sendable, Equatable {
  /// Upper bounds of the buckets, ascending.
  public let bounds: [Double]
  /// Observations in each bucket; those above the last bound are only in ``count``.
  public private(set) var buckets: [Int]
  /// All observations added up.
  public private(set) var sum = 0.0
  /// How many there were.
  public private(set) var count = 0

  init(_ bounds: [Double]) {
    self.bounds = bounds
    buckets = Array(repeating: 0, count: bounds.count)
  }

  mutating func observe(_ value: Double) {
    if let bucket = bounds.firstIndex(where: { value <= $0 }) { buckets[bucket] += 1 }
    sum += value
    count += 1
  }

  static let tokens: [Double] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000]
  static let perToken: [Double] = [
    0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80,
  ]
  static let perRequest: [Double] = [
    0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680,
  ]
}
