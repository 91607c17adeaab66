internal import Synchronization

/// How many requests of this process each endpoint is working on: exact, and known at once.
///
/// Call ``begin(_:)`` when a request is given to an endpoint and ``end(_:)`` exactly once when it is over.
public final class InFlightCounts: Sendable {
  private struct State {
    var counts: [EndpointID: Int] = [:]
    var total = 0
  }

  private let state = Mutex(State())

  /// Starts with no request in flight.
  public init() {}

  /// One more request for the endpoint.
  public func begin(_ endpoint: EndpointID) {
    state.withLock {
      $0.counts[endpoint, default: 0] += 1
      $0.total += 1
    }
  }

  /// One request of the endpoint is over. An end without a begin changes nothing.
  public func end(_ endpoint: EndpointID) {
    state.withLock {
      guard let count = $0.counts[endpoint] else { return }
      $0.counts[endpoint] = count > 1 ? count - 1 : nil
      $0.total -= 1
    }
  }

  /// Requests in flight to the endpoint.
  public func count(_ endpoint: EndpointID) -> Int {
    state.withLock { $0.counts[endpoint] ?? 0 }
  }

  /// Requests in flight to each of these endpoints, in their order, all at one moment.
  public func counts(_ endpoints: [Endpoint]) -> [Int] {
    state.withLock { state in endpoints.map { state.counts[$0.id] ?? 0 } }
  }

  /// Requests in flight to all endpoints together.
  public var total: Int { state.withLock { $0.total } }
}
