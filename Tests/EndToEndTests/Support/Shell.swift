import Foundation
import TestSupport

/// What a command left behind.
struct CommandResult: Sendable {
  var status: Int32
  var output: String
  var errors: String
}

/// A process of its own, whose output goes to files: nothing fills up, and a stopped test can still be read.
final class RunningCommand {
  private let process = Process()
  private let folder: URL

  /// Starts `program`. Its standard input is empty.
  init(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "switchyard-e2e-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try Self.file(folder.appending(path: "out"))
    process.standardError = try Self.file(folder.appending(path: "err"))
    try process.run()
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    _ = unlink(folder.appending(path: "out").path)
    _ = unlink(folder.appending(path: "err").path)
    _ = rmdir(folder.path)
  }

  private static func file(_ url: URL) throws -> FileHandle {
    try Data().write(to: url)
    return try FileHandle(forWritingTo: url)
  }

  var isRunning: Bool { process.isRunning }
  /// The number of the process.
  var identifier: Int32 { process.processIdentifier }
  var output: String { text("out") }
  var errors: String { text("err") }

  private func text(_ name: String) -> String {
    String(decoding: FileManager.default.contents(atPath: folder.appending(path: name).path) ?? Data(), as: UTF8.self)
  }

  func signal(_ number: Int32) { kill(process.processIdentifier, number) }

  /// Waits for the end, at most `seconds`; then the process is killed and the test fails.
  func wait(_ seconds: Double) async throws -> CommandResult {
    do {
      try await eventually("\(process.executableURL?.lastPathComponent ?? "") ends", within: .seconds(seconds)) {
        !isRunning
      }
    } catch {
      signal(SIGKILL)
      throw Failure("\(error)\n\(output)\n\(errors)")
    }
    return CommandResult(status: process.terminationStatus, output: output, errors: errors)
  }
}

/// Runs a command line as a user types it.
func shell(
  _ line: String, environment: [String: String] = [:], within seconds: Double = 20
) async throws -> CommandResult {
  try await RunningCommand("/bin/bash", ["-c", line], environment: environment).wait(seconds)
}
