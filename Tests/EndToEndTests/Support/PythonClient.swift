import Foundation
import TestSupport

/// Clients and servers from PyPI, in the environment that hack/test makes; Clients/ has what they do.
enum PythonClient {
  /// The interpreter that has them; `nil` where they could not be had.
  static let interpreter: String? = {
    let path = repository.appending(path: ".build/clients/bin/python").path
    let isThere = FileManager.default.fileExists(atPath: repository.appending(path: ".build/clients/packages").path)
    return isThere && FileManager.default.isExecutableFile(atPath: path) ? path : nil
  }()

  /// Why tests that need them are skipped: hack/checks/testlog.py knows the words, since PyPI may be out of reach of a machine that has
  /// all else.
  static let missing = "no clients from PyPI"

  private static func arguments(_ script: String, _ arguments: [String]) -> [String] {
    [repository.appending(path: "Tests/EndToEndTests/Clients/\(script).py").path] + arguments
  }

  /// Runs a script to its end; its output.
  static func run(_ script: String, _ arguments: [String]) async throws -> String {
    guard let interpreter else { throw Failure(missing) }
    let command = try RunningCommand(interpreter, Self.arguments(script, arguments))
    let result = try await command.wait(30)
    guard result.status == 0 else { throw Failure("\(script): \(result.output)\(result.errors)") }
    return result.output
  }

  /// Starts a script that serves at 127.0.0.1 for as long as the value is held; its port.
  static func serve(_ script: String) async throws -> (command: RunningCommand, port: UInt16) {
    guard let interpreter else { throw Failure(missing) }
    let command = try RunningCommand(interpreter, arguments(script, ["serve"]))
    var port: UInt16?
    try await eventually("\(script) serves") {
      guard command.isRunning else { throw Failure("\(script): \(command.errors)") }
      port = UInt16(command.output.trimmingCharacters(in: .whitespacesAndNewlines))
      return port != nil
    }
    guard let port else { throw Failure("\(script) tells no port") }
    return (command, port)
  }
}
