internal import Synchronization

/// How many requests of this process each endpoint is working on, and which endpoints failed a moment ago: exact, and
/// known at once.
///
/// Call ``begin(_:)`` when a request is given to an endpoint and ``end(_:)`` exactly once when it is over.
public final class InFlightCounts: Sendable {
  /// How long a failure is remembered, in nanoseconds: 5 s. A pod that died stops being ready about then.
  public static let failureMemory: UInt64 = 5_000_000_000

  /// How an endpoint stands with this process.
  public struct Standing: Sendable, Equatable {
    /// Requests in flight.
    public var inFlight: Int
    /// Whether a request failed there in the last ``failureMemory``.
    public var hasFailedLately: Bool
  }

  private struct State {
    var counts: [EndpointID: Int] = [:]
    var total = 0
    /// When the memory of each endpoint's last failure ends.
    var failures: [EndpointID: UInt64] = [:]
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

  /// A connection to the endpoint failed, or was lost before a response.
  ///
  /// - Parameter now: nanoseconds of the monotonic clock that ``RequestRouter`` is given.
  public func fail(_ endpoint: EndpointID, now: UInt64) {
    state.withLock {
      $0.failures = $0.failures.filter { $0.value > now }
      $0.failures[endpoint] = now + Self.failureMemory
    }
  }

  /// How each of these endpoints stands, in their order, all at one moment.
  public func standings(_ endpoints: [Endpoint], now: UInt64) -> [Standing] {
    state.withLock { state in
      endpoints.map { endpoint in
        let hasFailed = !state.failures.isEmpty && state.failures[endpoint.id].map { now < $0 } ?? false
        return Standing(inFlight: state.counts[endpoint.id] ?? 0, hasFailedLately: hasFailed)
      }
    }
  }

  /// Requests in flight to each of these endpoints, in their order, all at one moment.
  public func counts(_ endpoints: [Endpoint]) -> [Int] {
    state.withLock { state in endpoints.map { state.counts[$0.id] ?? 0 } }
  }

  /// Requests in flight to all endpoints together.
  public var total: Int { state.withLock { $0.total } }
}
