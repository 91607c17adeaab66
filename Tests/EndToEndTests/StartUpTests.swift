import Foundation
import TestSupport
import Testing

/// What cannot start says in one line why, and what to do; it leaves nothing behind.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct StartUpTests {
  @Test func aStateFolderInUseIsNamed() async throws {
    let up = Up()
    try await up.start()
    let second = try await RunningCommand(Up.program, up.arguments).wait(10)
    #expect(second.status != 0)
    #expect(second.errors.contains("--data-dir \(up.folder)") && second.errors.contains("already uses it"))
    #expect(FileManager.default.fileExists(atPath: "\(up.folder)/env"))
    try await up.stopsCleanly()
  }

  @Test func aPortInUseIsNamed() async throws {
    let other = try TinyServer { _, _ in }
    let up = Up()
    let result = try await RunningCommand(Up.program, up.arguments + ["--api-port", "\(other.port)"]).wait(20)
    #expect(result.status != 0)
    #expect(result.errors.contains("port \(other.port) on 127.0.0.1 is in use"), "\(result.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: up.folder) == ["cluster"])
    other.stop()
  }

  /// A Gateway whose port is taken says so; it serves once the port is free.
  @Test(.enabled(if: isInstalled("kubectl") && isInstalled("curl")))
  func aListenersPortInUseIsInTheGatewaysStatus() async throws {
    let up = Up()
    let other = try takePort80(of: up.gatewayAddress)
    try await up.start()
    #expect(up.command?.output.contains("warning") == true && up.command?.output.contains("in use") == true)
    let listener = "kubectl get gateway inference-gateway -o jsonpath='{.status.listeners[0].conditions}'"
    try await up.until(listener, shows: "in use")
    other.stop()
    try await up.output("kubectl wait --for=condition=Programmed gateway/inference-gateway --timeout=15s")
    #expect(
      try await shell("curl -s --max-time 5 -o /dev/null -w '%{http_code}' http://\(up.gatewayAddress):\(other.port)/")
        .output
        == "404")
    try await up.stopsCleanly()
  }

  /// Takes the port at which the program would serve port 80: 8080 for whoever has not the right to bind the other.
  private func takePort80(of address: String) throws -> TinyServer {
    do { return try TinyServer(address: address, port: 80) { _, _ in } } catch {
      return try TinyServer(address: address, port: 8080) { _, _ in }
    }
  }

  @Test(arguments: [
    (["up", "--manifests", "/nowhere"], "/nowhere: no such file or folder"),
    (["up", "--endpoint", "gemma3"], "gemma3"),
    (["up", "--gateway-addresses", "here"], "here"),
    (["up", "--replicas", "1000"], "--replicas 1000: use 0 to 250"),
    (["controller", "--kubeconfig", "/nowhere/config"], "/nowhere/config"),
    (["controller", "--kubeconfig", "README.md"], "README.md"),
    (["translate", "/nowhere"], "/nowhere: no such file or folder"),
    (["model-server", "--model", "m", "--accelerator", "abacus"], "--accelerator 'abacus': use one of"),
    (
      ["model-server", "--model", "m", "--model-size", "70"], "--model-size 70.0: the weights take 70 GB and L4 has 24"
    ),
    (["model-server", "--model", "m", "--max-model-len", "99999"], "--max-model-len 99999: L4 has room for 2 to"),
    (["model-server", "--model", "m", "--max-num-queued-reqs", "0"], "--max-num-queued-reqs 0: give 1 or more"),
    (["model-server", "--model", "m", "--startup-seconds=-1"], "--startup-seconds -1.0: give 0 to 86400 seconds"),
    (["model-server", "--model", "m", "--fail-for", "3"], "--fail-for needs --fail-after"),
  ])
  func aWrongOptionIsNamedWithItsValue(arguments: [String], words: String) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "switchyard-e2e-\(UUID().uuidString)").path
    let data = arguments[0] == "up" ? ["--data-dir", folder] : []
    let line = ([Up.program] + arguments + data).map { "'\($0)'" }.joined(separator: " ")
    let result = try await shell("cd '\(repository.path)' && \(line)")
    #expect(result.status != 0)
    #expect(result.errors.contains(words), "\(result.errors)")
    #expect(!result.errors.contains("Fatal error"))
  }
}
