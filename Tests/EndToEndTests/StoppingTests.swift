import Foundation
import TestSupport
import Testing

/// Ctrl-C once: streams end whole. Twice: at once.
@Suite(.serialized, .timeLimit(.minutes(2)), .enabled(if: isInstalled("curl"))) struct StoppingTests {
  /// A stream of so many tokens, once its first token has come.
  private func stream(_ tokens: Int, of up: Up) async throws -> RunningCommand {
    let body =
      #"{"model":"chatbot","stream":true,"ignore_eos":true,"max_tokens":\#(tokens),"#
      + #""messages":[{"role":"user","content":"Hello"}]}"#
    let line =
      ". '\(up.folder)/env'; curl -siN $GATEWAY/v1/chat/completions -H 'Content-Type: application/json' -d '\(body)'"
    let client = try RunningCommand("/bin/bash", ["-c", line])
    try await eventually("the stream runs") { client.output.contains(#""delta":{"content":"#) }
    return client
  }

  @Test func aStreamEndsWholeThoughToldToStop() async throws {
    let up = Up()
    try await up.start()
    let client = try await stream(40, of: up)
    try await up.stopsCleanly()
    #expect(try await client.wait(5).output.hasSuffix("data: [DONE]\n\n"))
  }

  @Test func theSecondSignalCutsIt() async throws {
    let up = Up()
    try await up.start()
    let client = try await stream(7000, of: up)
    let command = try #require(up.command)
    command.signal(SIGINT)
    try await eventually("the first signal is answered") { command.errors.contains("Ctrl-C again cuts them") }
    #expect(command.isRunning)
    command.signal(SIGINT)
    let result = try await command.wait(5)
    #expect(result.status != 0 && result.errors.contains("stopped at once"))
    #expect(try await !client.wait(5).output.contains("[DONE]"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: up.folder) == ["cluster"])
  }
}
