import Foundation
import TestSupport
import Testing

/// One `switchyard up`, on addresses that nothing else on this machine uses.
final class Up {
  /// The program that was built with the tests.
  static let program = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "switchyard")
    .path

  /// Every address of the run lies below: pods at NETWORK.N.M, Gateways at NETWORK.200.N.
  let network = "127.\(UInt8.random(in: 64...250))"
  let folder = FileManager.default.temporaryDirectory.appending(path: "switchyard-up-\(UUID().uuidString)").path
  private(set) var command: RunningCommand?

  var gatewayAddress: String { "\(network).200.1" }

  deinit {
    command = nil
    // A folder that stays behind is only litter in the system's temporary folder.
    try? FileManager.default.removeItem(atPath: folder)
  }

  var arguments: [String] {
    let sources = ["crds": "crds", "install": "manifests/install/gatewayclass.yaml", "manifests": Self.example]
    return ["up", "--data-dir", folder, "--pod-network", network]
      + ["--gateway-addresses", "\(network).200.1-\(network).200.9"]
      + sources.sorted { $0.key < $1.key }.flatMap { ["--\($0.key)", "\(repository.path)/\($0.value)"] }
  }
  private static let example = "manifests/examples/serve-multiple-models"

  /// A model server of the user's own, a process beside this `up`; it ends with the value that holds it.
  struct ModelServer {
    let name: String
    /// ADDRESS:PORT.
    let endpoint: String
    let command: RunningCommand
  }

  /// Starts a model server for the chatbot.
  func modelServer(_ number: Int) throws -> ModelServer {
    let (name, address) = ("own-\(number)", "\(network).90.\(number)")
    let arguments = ["model-server", "--host", address, "--model", "chatbot", "--pod-name", name]
    return ModelServer(
      name: name, endpoint: "\(address):8000", command: try RunningCommand(Self.program, arguments))
  }

  /// Starts and returns when everything is ready; `limits` are the arguments of `ulimit`.
  func start(_ more: [String] = [], limits: String? = nil) async throws {
    let command = try Self.command(arguments + more, limits: limits)
    self.command = command
    do {
      try await eventually("switchyard up is ready", within: .seconds(60)) {
        guard command.isRunning else { throw Failure("switchyard up ended") }
        return FileManager.default.fileExists(atPath: "\(folder)/env")
      }
    } catch { throw Failure("\(error):\n\(command.output)\(command.errors)") }
  }

  /// The program, under limits if there are any.
  static func command(_ arguments: [String], limits: String?) throws -> RunningCommand {
    guard let limits else { return try RunningCommand(program, arguments) }
    return try RunningCommand("/bin/bash", ["-c", "ulimit \(limits); exec \"$0\" \"$@\"", program] + arguments)
  }

  /// Ctrl-C, and the end of it.
  func stop() async throws -> CommandResult {
    let command = try #require(command)
    command.signal(SIGINT)
    return try await command.wait(30)
  }

  /// Ctrl-C, and an end without complaints.
  func stopsCleanly(_ location: SourceLocation = #_sourceLocation) async throws {
    let end = try await stop()
    #expect(end.status == 0, "status \(end.status): \(end.errors)", sourceLocation: location)
  }

  /// The admin server's URL, as the screen says it.
  func admin() throws -> String {
    let screen = try #require(command?.output)
    let line = try #require(screen.split(whereSeparator: \.isNewline).first { $0.contains("admin  ") })
    let url = try #require(line.split(separator: " ").first { $0.hasPrefix("http://") })
    return String(try #require(url.split(separator: ",").first).dropLast("/metrics".count))
  }

  /// Runs a command line with what `env` in the state folder holds.
  func shell(_ line: String, within seconds: Double = 20) async throws -> CommandResult {
    try await EndToEndTests.shell("set -a; . '\(folder)/env'; set +a; \(line)", within: seconds)
  }

  /// The output of a command line that must succeed.
  @discardableResult
  func output(_ line: String, _ location: SourceLocation = #_sourceLocation) async throws -> String {
    let result = try await shell(line)
    #expect(result.status == 0, "\(line): \(result.errors)", sourceLocation: location)
    return result.output
  }

  /// Waits until a command line's output has a word.
  func until(_ line: String, shows word: String) async throws {
    var seen = ""
    do {
      try await eventually(line) {
        let result = try await shell(line)
        seen = result.output + result.errors
        return seen.contains(word)
      }
    } catch { throw Failure("\(line): '\(seen)' has no '\(word)'") }
  }

  /// Applies manifests as `kubectl apply -f -` does; its guess at JSON needs a first line that is none.
  func apply(_ manifests: String) async throws -> CommandResult {
    try await shell("kubectl apply -f - <<'END'\n# manifests\n\(manifests)\nEND")
  }

  /// Asks for a completion; the whole answer with its head.
  func ask(_ body: String, more: String = "") async throws -> String {
    try await output(
      "curl -si --max-time 10 $GATEWAY/v1/completions -H 'Content-Type: application/json' \(more) -d '\(body)'")
  }

  /// The pod that answers for a model, `nil` when none does.
  func pod(for model: String) async throws -> String? {
    let answer = try await ask(#"{"model":"\#(model)","prompt":"What is the color of the sky","max_tokens":3}"#)
    return answer.split(whereSeparator: \.isNewline).first { $0.hasPrefix("x-inference-pod: ") }
      .map { String($0.dropFirst("x-inference-pod: ".count)) }
  }
}
