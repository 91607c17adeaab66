/// Decides when to warn that a kind may be listed but not watched: what was listed grows stale, and only a person can
/// change that. Reads no clock.
struct WatchRefusals {
  /// A log is read from its end, so what lasts is told again so often.
  static let tellAgain = Duration.seconds(60)

  private var told: ContinuousClock.Instant?

  /// Takes note that a watch failed. Returns whether to warn now.
  mutating func isWorthAWarning(_ error: APIError, now: ContinuousClock.Instant) -> Bool {
    guard case .forbidden = error else { return false }
    if let told, now - told < Self.tellAgain { return false }
    told = now
    return true
  }
}
