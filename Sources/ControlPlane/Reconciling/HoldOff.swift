/// Turns a stream of rings into runs: at once on the first ring, then rest, so that one change is served immediately
/// and a burst costs one more run at the end of the rest. The rest is as long as the run was, if that is longer: changes without end take
/// half of a core at most, however large the cluster is.
///
/// The stream must coalesce rings that nobody waited for (buffer the newest one), as `ChangeSignal` does.
struct HoldOff<C: Clock>: Sendable where C.Duration == Duration {
  /// The shortest rest after each run.
  let rest: Duration
  /// What measures the rest.
  let clock: C

  /// Runs `body` until the stream ends or the task is cancelled.
  func run(on rings: AsyncStream<Void>, _ body: () async -> Void) async throws {
    for await _ in rings {
      let start = clock.now
      await body()
      try await clock.sleep(for: max(rest, start.duration(to: clock.now)))
    }
  }
}
