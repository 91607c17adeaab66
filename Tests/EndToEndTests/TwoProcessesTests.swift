import Foundation
import TestSupport
import Testing

/// Sets and dictionaries have another order in each process, since each hashes with a seed of its own.
@Suite(.timeLimit(.minutes(2)))
struct TwoProcessesTests {
  @Test func translationsOfOneClusterAreEqualInDifferentProcesses() async throws {
    // All golden cases as one cluster: what they name twice is taken once, and the same each time.
    let command =
      "cd '\(repository.path)' && env -u SWIFT_DETERMINISTIC_HASHING '\(Up.program)' translate Tests/TranslationTests/Cases/*.in.yaml"
    let first = try await shell(command)
    #expect(first.output.utf8.count > 50_000 && first.output.contains("inferencePools:"), "\(first.errors)")
    for _ in 0..<3 {
      let again = try await shell(command)
      #expect(again.output == first.output && again.errors == first.errors)
    }
  }
}
