import Foundation
import TestSupport
import Testing

/// What `docs/operations.md` promises is held by tests: those that it names must be there.
@Suite("docs/operations.md")
struct OperationsDocumentTests {
  @Test("every test that the document names exists, and every row names one")
  func names() throws {
    let text = try String(contentsOf: repository.appending(path: "docs/operations.md"), encoding: .utf8)
    var rows = 0
    for line in text.split(separator: "\n") {
      let names = line.matches(of: /`([A-Z]\w+Tests)\.(\w+)`/).map { (String($0.1), String($0.2)) }
      rows += names.isEmpty ? 0 : 1
      for (suite, function) in names {
        #expect(try Self.source(of: suite).contains("func \(function)("), "\(suite).\(function)")
      }
    }
    #expect(rows >= 20)
    let table = text.split(separator: "\n").filter { $0.hasPrefix("| ") && $0.split(separator: "|").count == 4 }
    #expect(table.dropFirst().allSatisfy { $0.contains("Tests.") || $0.hasPrefix("| in the kubeconfig") })
  }

  /// The sources of a suite, wherever they are; two modules may have one of the same name.
  private static func source(of suite: String) throws -> String {
    let tests = repository.appending(path: "Tests")
    let files =
      FileManager.default.enumerator(at: tests, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
    var sources = ""
    for file in files where file.pathExtension == "swift" {
      let text = try String(contentsOf: file, encoding: .utf8)
      if text.contains("struct \(suite) ") { sources += text }
    }
    return sources
  }
}
