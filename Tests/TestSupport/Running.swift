public import Logging

/// Runs something that never ends by itself, such as a service, while `body` looks at what it does; then cancels it.
public func whileRunning(
  _ service: @escaping @Sendable () async throws -> Void, _ body: () async throws -> Void
) async throws {
  try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask { try await service() }
    defer { group.cancelAll() }
    try await body()
  }
}

/// A logger that says nothing.
public let quietLogger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
