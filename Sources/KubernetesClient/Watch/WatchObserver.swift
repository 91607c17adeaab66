/// What a `Watcher` asks for, in the words of a role's rules.
public enum WatchVerb: String, Sendable, CaseIterable {
  /// All objects.
  case list
  /// Changes.
  case watch
}

/// Hears what a `Watcher` goes through, for metrics. It is called on the watcher's task, so it must be quick.
public struct WatchObserver: Sendable {
  /// The types of events that a server sends, as it spells them.
  public enum EventType: String, Sendable, CaseIterable {
    /// The object is new.
    case added = "ADDED"
    /// The object changed.
    case modified = "MODIFIED"
    /// The object is gone.
    case deleted = "DELETED"
    /// Nothing happened up to a version.
    case bookmark = "BOOKMARK"
    /// The watch failed on the server's side.
    case error = "ERROR"
  }

  /// Why a watch must list again or reconnect. The raw values are few and fixed: fit for a metric's label.
  public enum RestartReason: String, Sendable, CaseIterable {
    /// The server ended the watch in good order, as it does every few minutes.
    case ended
    /// The version or the continue token was too old (410).
    case expired
    /// The server does not serve the kind (404).
    case notServed = "not_served"
    /// No answer in time, or a watch that fell silent.
    case silent
    /// No connection, or one that broke.
    case connection
    /// The server answered with an error.
    case refused
    /// An answer that cannot be read, or a request that cannot be made.
    case unusable
  }

  /// An event came. Objects that do not decode go to `onUndecodable` instead.
  public var event: @Sendable (EventType) -> Void
  /// A list or a watch was answered (`nil`), or failed. 404 is told only where discovery does not agree with it.
  public var outcome: @Sendable (WatchVerb, APIError?) -> Void
  /// A list or a watch ended or failed, and another request follows, maybe after a wait.
  public var restart: @Sendable (RestartReason) -> Void

  /// An observer; by default it lets everything pass.
  public init(
    event: @escaping @Sendable (EventType) -> Void = { _ in },
    outcome: @escaping @Sendable (WatchVerb, APIError?) -> Void = { _, _ in },
    restart: @escaping @Sendable (RestartReason) -> Void = { _ in }
  ) {
    self.event = event
    self.outcome = outcome
    self.restart = restart
  }
}

extension APIError {
  /// Why a list or a watch that failed so starts again.
  var restartReason: WatchObserver.RestartReason {
    switch self {
    case .expired: .expired
    case .notFound: .notServed
    case .timeout: .silent
    case .transport: .connection
    case .decoding, .request: .unusable
    case .badRequest, .unauthorized, .forbidden, .alreadyExists, .conflict, .invalid, .tooManyRequests,
      .serverUnavailable, .refused:
      .refused
    }
  }
}
