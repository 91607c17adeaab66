import Logging
import Testing

/// Runs something that never ends by itself, such as a service, while `body` looks at what it does; then cancels it.
func whileRunning(_ service: @escaping @Sendable () async throws -> Void, _ body: () async throws -> Void) async throws
{
  try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask { try await service() }
    defer { group.cancelAll() }
    try await body()
  }
}

/// Waits until a condition holds; an error that says what was waited for when it does not come true in time.
func eventually(_ what: String, within limit: Duration = .seconds(10), _ condition: () throws -> Bool) async throws {
  let deadline = ContinuousClock.now + limit
  while ContinuousClock.now < deadline {
    if try condition() { return }
    try await Task.sleep(for: .milliseconds(5))
  }
  throw NeverHappened(what: what)
}

struct NeverHappened: Error, CustomStringConvertible {
  var what: String
  var description: String { "never happened: \(what)" }
}

/// A logger that says nothing.
let quietLogger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
