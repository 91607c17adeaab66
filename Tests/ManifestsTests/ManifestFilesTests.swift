import Foundation
import JSONText
import KubernetesAPI
import TestSupport
import Testing
import Translation

@testable import Manifests

@Suite("Manifests on disk")
struct ManifestFilesTests {
  private static let broken = "a: 1\n---\n# nothing\n---\nb: 2\n---\nc: [1\nd: 3\n"

  @Test("of a file with a mistake the documents before it are kept, and other files are read")
  func keepsWhatItRead() throws {
    try inFolder { folder in
      let files = try ManifestFiles([folder])
      #expect(files.documents.map(\.value) == [["a": 1], ["b": 2], ["e": 5]])
      #expect(files.problems.count == 1)
      #expect(files.problems[0].description.hasPrefix("\(folder)/1.yaml, line 8"), "\(files.problems)")
      #expect(!files.problems[0].description.contains("\n"))
    }
  }

  @Test("an empty document counts, so that a number is the place where the author sees it")
  func numbers() throws {
    try inFolder { folder in
      let files = try ManifestFiles([folder])
      #expect(files.documents.map(\.number) == [1, 3, 1])
    }
  }

  @Test("whoever cannot do with half a file gets the mistake")
  func stops() throws {
    try inFolder { folder in
      #expect(throws: ManifestFileError.self) { try ManifestFiles.read([folder]) }
      let whole = try ManifestFiles.read(["\(folder)/2.yaml"])
      #expect(whole.count == 1)
    }
  }

  private func inFolder(_ body: (String) throws -> Void) throws {
    try withTemporaryPath { folder in
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Self.broken.write(toFile: "\(folder)/1.yaml", atomically: true, encoding: .utf8)
      try "e: 5\n".write(toFile: "\(folder)/2.yaml", atomically: true, encoding: .utf8)
      try body(folder)
    }
  }
}
