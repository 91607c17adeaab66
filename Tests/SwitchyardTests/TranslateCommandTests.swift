import ArgumentParser
import Foundation
import Manifests
import TestSupport
import Testing

@testable import Switchyard

/// The exit code; what is printed is what ``ManifestFiles`` and the translation say.
@Suite("switchyard translate")
struct TranslateCommandTests {

  @Test("a warning leaves the exit code 0")
  func warnings() throws {
    try run("manifests/examples/serve-multiple-models", crds: "crds")
    try run("manifests/examples/serve-multiple-models", crds: "nowhere")
    try run("manifests/examples/https", crds: "crds")
  }

  @Test("what was left out makes it 1", arguments: ["a: [1", "apiVersion: v1\nkind: Pod\n"])
  func mistakes(_ text: String) throws {
    try withTemporaryPath { file in
      try text.write(toFile: file, atomically: true, encoding: .utf8)
      #expect(throws: ExitCode.failure) {
        try TranslateCommand.parse([file, "--crds", "\(repository.path)/crds"]).run()
      }
    }
  }

  @Test("definitions that are none are named")
  func definitions() {
    #expect(throws: ManifestFileError.self) {
      try run("manifests/examples/serve-multiple-models", crds: "manifests/install")
    }
  }

  private func run(_ path: String, crds: String) throws {
    try TranslateCommand.parse(["\(repository.path)/\(path)", "--crds", "\(repository.path)/\(crds)"]).run()
  }
}
