import Synchronization

/// Looks at the memory of the process while a soak goes on.
final class MemoryWatch: Sendable {
  private let samples = Mutex<[[Int]]>(Array(repeating: [], count: 4))

  /// The most that memory may grow from the second quarter to the last, in MiB.
  static let mostGrowth = 16.0

  func watch(_ course: Course) async throws {
    while true {
      try await Task.sleep(for: .milliseconds(200))
      guard let bytes = ProcessFigures.residentBytes else { return }
      let quarter = min(3, Int(course.progress * 4))
      samples.withLock { $0[quarter].append(bytes) }
    }
  }

  func add(to report: inout SoakReport) {
    let samples = samples.withLock { $0 }
    guard samples.allSatisfy({ !$0.isEmpty }) else { return }
    let means = samples.map { Double($0.reduce(0, +)) / Double($0.count) / 1_048_576 }
    for (quarter, mean) in zip(1..., means) { report.add("memory in quarter \(quarter), MiB", mean) }
    report.add("memory growth from quarter 2 to 4, MiB", means[3] - means[1], most: Self.mostGrowth)
  }
}
