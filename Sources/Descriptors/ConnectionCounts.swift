import Synchronization

/// The connections that this process has open, by who has them.
final class ConnectionCounts: Sendable {
  private let clients = Atomic<Int>(0)
  private let upstreams = Atomic<Int>(0)
  private let inner = Atomic<Int>(0)

  /// Adds to a count; a negative amount lowers it.
  func add(_ amount: Int, _ holder: DescriptorBudget.Holder) {
    switch holder {
    case .client: clients.wrappingAdd(amount, ordering: .relaxed)
    case .upstream: upstreams.wrappingAdd(amount, ordering: .relaxed)
    case .inner: inner.wrappingAdd(amount, ordering: .relaxed)
    }
  }

  /// A count.
  subscript(holder: DescriptorBudget.Holder) -> Int {
    switch holder {
    case .client: clients.load(ordering: .relaxed)
    case .upstream: upstreams.load(ordering: .relaxed)
    case .inner: inner.load(ordering: .relaxed)
    }
  }

  /// All of them.
  var sum: Int { self[.client] + self[.upstream] + self[.inner] }
}
