import Foundation

/// Runs with a path at which nothing is; what is there afterwards, a file or a folder, is removed.
public func withTemporaryPath<Result>(_ body: (String) throws -> Result) rethrows -> Result {
  let path = temporaryPath()
  defer { remove(path) }
  return try body(path)
}

/// The same for what suspends.
public func withTemporaryPath<Result>(
  isolation: isolated (any Actor)? = #isolation, _ body: (String) async throws -> Result
) async rethrows -> Result {
  let path = temporaryPath()
  defer { remove(path) }
  return try await body(path)
}

private func temporaryPath() -> String {
  FileManager.default.temporaryDirectory.appending(path: "switchyard-test-\(UUID().uuidString)").path
}

private func remove(_ path: String) {
  // `try?`: what is left behind in the temporary folder fails no test, and a test may have made nothing.
  try? FileManager.default.removeItem(atPath: path)
}
