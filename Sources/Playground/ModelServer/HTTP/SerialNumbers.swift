import Synchronization

/// Counts requests, so that two with the same body and a temperature above 0 differ.
final class SerialNumbers: Sendable {
  private let last = Atomic<UInt64>(0)

  init() {}

  func next() -> UInt64 { last.wrappingAdd(1, ordering: .relaxed).newValue }
}
