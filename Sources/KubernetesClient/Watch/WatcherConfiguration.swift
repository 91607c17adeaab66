/// How a `Watcher` paces itself. Chance, time and waiting can be replaced.
public struct WatcherConfiguration: Sendable {
  /// Objects a page of a list.
  public var pageSize: Int
  /// Seconds after which the server shall end a watch; each watch takes up to twice as long, so that they spread.
  public var timeoutSeconds: Int
  /// Time without any byte after which a connection counts as dead. Servers send bookmarks about once a minute.
  public var stallTimeout: Duration
  /// The shortest and the longest wait after a failure.
  public var delays: ClosedRange<Duration>
  /// A number from 0 up to, but without, 1.
  public var jitter: @Sendable () -> Double
  /// The time on a clock that never goes back.
  public var now: @Sendable () -> ContinuousClock.Instant
  /// Waits; throws when cancelled.
  public var sleep: @Sendable (Duration) async throws -> Void

  /// A configuration; everything has a default.
  public init(
    pageSize: Int = 500, timeoutSeconds: Int = 300, stallTimeout: Duration = .seconds(150),
    delays: ClosedRange<Duration> = .milliseconds(500)...Duration.seconds(30),
    jitter: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) },
    now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now },
    sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) {
    self.pageSize = pageSize
    self.timeoutSeconds = timeoutSeconds
    self.stallTimeout = stallTimeout
    self.delays = delays
    self.jitter = jitter
    self.now = now
    self.sleep = sleep
  }

  func watchSeconds(jitter: Double) -> Int {
    timeoutSeconds + Int(Double(timeoutSeconds) * jitter)
  }
}
