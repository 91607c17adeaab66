/// What a soak came to.
package struct SoakReport: Sendable {
  /// A number beside what it must reach.
  package struct Figure: Sendable {
    package var name: String
    package var value: Double
    /// The most that it may be; `nil` where it only informs.
    package var most: Double?

    package var isMet: Bool { most.map { value <= $0 } ?? true }
  }

  package var figures: [Figure] = []
  /// The first faults.
  package var faults: [String] = []
  /// How often each outcome came.
  package var outcomes: [String: Int] = [:]

  mutating func add(_ name: String, _ value: some BinaryInteger, most: Double? = nil) {
    figures.append(Figure(name: name, value: Double(value), most: most))
  }

  mutating func add(_ name: String, _ value: Double, most: Double? = nil) {
    figures.append(Figure(name: name, value: value, most: most))
  }

  /// Whether everything is as it must be.
  package var isWell: Bool { figures.allSatisfy(\.isMet) }
}
