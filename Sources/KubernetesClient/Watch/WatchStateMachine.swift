/// Decides what a watch does next. Pure: it is told what happened and answers with what to do.
///
/// ```text
///            page                last page             opened, events
///  list ───────────► list … ───────────────► watch ◄──────────────────► watch
///   ▲ ▲                │                       │  ▲
///   │ └── wait ◄───────┘ failed                │  └── wait ◄─┐
///   │                       410, 400, 403, 404 ▼             │
///   └──────────────────────────────────────────┴─────────────┘ broke, stalled
/// ```
///
/// A list that is answered with 404 may mean that the kind is not served, or that a proxy knows no better: discovery is
/// asked, and only if it agrees does nothing of the kind exist, until a list succeeds. A kind that may be listed and not
/// watched is listed again and again, with growing waits.
///
/// Source: <https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes>
public struct WatchStateMachine: Sendable {
  /// What the shell does next.
  public enum Action: Hashable, Sendable {
    /// Ask for a page: the first one, for which earlier pages are thrown away, or the one after the token's.
    case list(continueToken: String?)
    /// Watch from this version. `publish`: first put the pages read in place of everything known.
    case watch(from: String, publish: Bool)
    /// Wait, then say `waited`.
    case wait(Duration)
    /// Ask discovery whether the kind is served, and say `discovered`.
    case discover
    /// Nothing of the kind exists: forget everything known, then wait and say `waited`.
    case empty(thenWait: Duration)
  }

  /// What happened.
  public enum Input: Hashable, Sendable {
    /// A page came.
    case page(resourceVersion: String, continueToken: String?)
    /// A page failed.
    case listFailed(APIFailure)
    /// Discovery was asked. `isServed`: it lists the kind, or could not be read.
    case discovered(isServed: Bool)
    /// An event came that is at this version; "" where it could not be read.
    case event(resourceVersion: String)
    /// The watch failed: it did not open, broke, or the server sent an `ERROR`.
    case watchFailed(APIFailure)
    /// The server ended the watch in good order, after it had been open for this long.
    case watchEnded(after: Duration)
    /// The wait is over.
    case waited
  }

  /// As much of a failure as matters here.
  public enum APIFailure: Hashable, Sendable {
    /// 410: the version or token is too old.
    case expired
    /// 400: the server cannot make sense of the version or token.
    case badRequest
    /// 404: the server does not serve the kind, or no longer in this version; or a proxy in front of it answered.
    case notServed
    /// 403: we may not.
    case forbidden
    /// Anything else. `retryAfter` is what the server asked for.
    case other(retryAfter: Duration?)
  }

  private enum State: Hashable, Sendable {
    case listing(continueToken: String?)
    case watching(from: String)
  }

  /// The longest wait that a server may ask for: a maintenance page that says an hour must not freeze routing for one.
  public static let longestAsked = Duration.seconds(120)

  /// The shortest and the longest wait, unless the server asks for a longer one.
  public let delays: ClosedRange<Duration>
  private var state = State.listing(continueToken: nil)
  private var failures = 0

  /// A machine that has seen nothing. Waits double from the first delay to the last.
  public init(delays: ClosedRange<Duration> = .milliseconds(500)...Duration.seconds(30)) {
    self.delays = delays
  }

  /// The version from which a watch would go on; `nil` while listing.
  public var resumePoint: String? {
    if case .watching(let version) = state { version } else { nil }
  }

  /// What to do first, and what to do after a wait.
  public var current: Action {
    switch state {
    case .listing(let token): .list(continueToken: token)
    case .watching(let version): .watch(from: version, publish: false)
    }
  }

  /// Takes what happened and answers what to do. `nil`: go on reading.
  ///
  /// `jitter` is from 0 up to 1; it moves a wait between half of its length and all of it.
  public mutating func handle(_ input: Input, jitter: Double) -> Action? {
    switch input {
    case .page(let version, let token): return pageCame(version, token)
    case .event(let version):
      moveResumePoint(to: version)
      return nil
    case .listFailed(.notServed):
      state = .listing(continueToken: nil)
      return .discover
    case .discovered(let isServed):
      let wait = nextWait(jitter, atLeast: nil)
      return isServed ? .wait(wait) : .empty(thenWait: wait)
    case .watchFailed(.forbidden):
      state = .listing(continueToken: nil)
      return .wait(nextWait(jitter, atLeast: nil))
    case .listFailed(let failure), .watchFailed(let failure): return failed(failure, jitter)
    case .watchEnded(let time):
      // A server that opens and ends a watch at once must not be asked again at once.
      guard time < .seconds(1) else {
        failures = 0
        return current
      }
      return .wait(nextWait(jitter, atLeast: nil))
    case .waited: return current
    }
  }

  private mutating func pageCame(_ version: String, _ token: String?) -> Action {
    if let token, !token.isEmpty {
      state = .listing(continueToken: token)
      return .list(continueToken: token)
    }
    state = .watching(from: version)
    return .watch(from: version, publish: true)
  }

  private mutating func moveResumePoint(to version: String) {
    failures = 0
    if case .watching = state, !version.isEmpty { state = .watching(from: version) }
  }

  private mutating func failed(_ failure: APIFailure, _ jitter: Double) -> Action {
    switch failure {
    case .expired:
      // Starting over once is what 410 asks for; a server that always says so gets it with growing waits.
      state = .listing(continueToken: nil)
      if failures == 0 {
        failures = 1
        return current
      }
      return .wait(nextWait(jitter, atLeast: nil))
    case .badRequest, .notServed:
      // A watch's 404 is not believed until the list says it too: that takes one short wait.
      state = .listing(continueToken: nil)
      return .wait(nextWait(jitter, atLeast: nil))
    case .forbidden:
      return .wait(nextWait(jitter, atLeast: nil))
    case .other(let retryAfter):
      return .wait(nextWait(jitter, atLeast: retryAfter))
    }
  }

  /// The next wait of our own, or what the server asked for where that is longer, up to ``longestAsked``.
  private mutating func nextWait(_ jitter: Double, atLeast asked: Duration?) -> Duration {
    let doubled = min(delays.lowerBound * (1 << min(failures, 16)), delays.upperBound)
    failures += 1
    let own = doubled * (0.5 + jitter / 2)
    return max(own, min(asked ?? .zero, Self.longestAsked))
  }
}
