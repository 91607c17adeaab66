import Foundation

/// Where a program is, as PATH says; `nil` where this machine has it not.
public func tool(_ name: String) -> String? {
  (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
    .first { FileManager.default.isExecutableFile(atPath: $0) }
}

/// Whether tests that need a program are to be run.
///
/// Where it is missing they are skipped, and standard error says so. With CI=true nothing is skipped: they run, and fail
/// for want of it.
public func isInstalled(_ name: String) -> Bool {
  if tool(name) != nil { return true }
  if ProcessInfo.processInfo.environment["CI"] == "true" { return true }
  FileHandle.standardError.write(Data("skipped: no \(name) on PATH: the tests that need it do not run\n".utf8))
  return false
}
