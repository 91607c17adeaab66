import Synchronization

/// A bell that coalesces: many rings while nobody listens are one. It says that something changed, never what.
public final class ChangeSignal: Sendable {
  private struct State {
    var rung = false
    var firstRing: ContinuousClock.Instant?
    var nextListener = 0
    var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
  }

  private let state = Mutex(State())

  /// A bell that has not rung.
  public init() {}

  /// Rings: every listener gets one element, unless one is already waiting for it.
  public func ring() {
    let listeners = state.withLock { state in
      state.rung = true
      if state.firstRing == nil { state.firstRing = .now }
      return Array(state.listeners.values)
    }
    for listener in listeners { listener.yield() }
  }

  /// When the bell rang first since the last call; `nil` if it did not.
  public func takeFirstRing() -> ContinuousClock.Instant? {
    state.withLock { state in
      defer { state.firstRing = nil }
      return state.firstRing
    }
  }

  /// The rings from now on, and one at once if the bell has ever rung, so that starting late loses nothing.
  public func rings() -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let (identifier, rung) = state.withLock { state in
      state.nextListener += 1
      state.listeners[state.nextListener] = continuation
      return (state.nextListener, state.rung)
    }
    continuation.onTermination = { [weak self] _ in
      _ = self?.state.withLock { $0.listeners.removeValue(forKey: identifier) }
    }
    if rung { continuation.yield() }
    return stream
  }
}
