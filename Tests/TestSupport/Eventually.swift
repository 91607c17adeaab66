/// Asks again until `check` holds, at most `limit`. Returns how long it took. The limit is generous, as a busy machine may
/// stand still at times; benchmarks measure how fast things are.
///
/// - Throws: ``Failure`` that says what was waited for, and whatever `check` throws.
@discardableResult
public func eventually(
  _ what: String, within limit: Duration = .seconds(20), isolation: isolated (any Actor)? = #isolation,
  _ check: () async throws -> Bool
) async throws -> Duration {
  let start = ContinuousClock.now
  while true {
    if try await check() { return ContinuousClock.now - start }
    guard ContinuousClock.now - start < limit else { throw Failure("\(what): not so within \(limit)") }
    try await Task.sleep(for: .milliseconds(10))
  }
}
