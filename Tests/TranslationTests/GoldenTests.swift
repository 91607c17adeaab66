import Foundation
import Testing
import Translation
import Yams

@Suite("Golden cases")
struct GoldenTests {
  /// `hack/update-golden` sets this to have the outputs written anew.
  private static let updates = ProcessInfo.processInfo.environment["SWITCHYARD_UPDATE_GOLDEN"] == "1"

  @Test("there are cases to run")
  func casesExist() { #expect(GoldenCase.all.count >= 15) }

  @Test("manifests give the table and the statuses that the case records", arguments: GoldenCase.all)
  func output(_ golden: GoldenCase) throws {
    let actual = try golden.actual()
    if Self.updates {
      try actual.write(to: golden.output, atomically: true, encoding: .utf8)
      return
    }
    guard FileManager.default.fileExists(atPath: golden.output.path) else {
      Issue.record("\(golden.output.lastPathComponent) is missing: run hack/update-golden and read what it wrote")
      return
    }
    let expected = try String(contentsOf: golden.output, encoding: .utf8)
    let different = firstDifference(expected, actual)
    #expect(different == nil, "run hack/update-golden if the change is wanted")
  }

  @Test("the output is YAML", arguments: GoldenCase.all)
  func outputIsYAML(_ golden: GoldenCase) throws {
    #expect(throws: Never.self) { try Yams.compose(yaml: golden.actual()) }
  }

  private func firstDifference(_ expected: String, _ actual: String) -> String? {
    if expected == actual { return nil }
    let (before, now) = (expected.split(separator: "\n"), actual.split(separator: "\n"))
    let line = zip(before, now).prefix { $0 == $1 }.count
    let (old, new) = (line < before.count ? before[line] : "(end)", line < now.count ? now[line] : "(end)")
    return "line \(line + 1): expected \(old), got \(new)"
  }
}
