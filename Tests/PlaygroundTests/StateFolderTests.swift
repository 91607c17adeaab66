import Foundation
import TestSupport
import Testing

@testable import Playground

/// One state folder, one process.
struct StateFolderTests {
  @Test func aFolderHasOneOwnerAtATime() throws { try withTemporaryPath(oneOwner) }

  private func oneOwner(of path: String) throws {
    let first = try StateFolder(path)
    let refusal = #expect(throws: StateFolderError.self) { try StateFolder(path) }
    #expect(refusal?.description.contains("process \(getpid()) already uses it") == true)
    first.release()
    #expect(try FileManager.default.contentsOfDirectory(atPath: path).isEmpty)
    try StateFolder(path).release()
  }

  /// A crash leaves the file; its number may by now be a stranger's.
  @Test func aFileLeftByACrashClaimsNothing() throws { try withTemporaryPath(startAfterACrash) }

  private func startAfterACrash(in path: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try Data("1\n".utf8).write(to: URL(filePath: "\(path)/pid"))
    let folder = try StateFolder(path)
    #expect(try String(contentsOfFile: "\(path)/pid", encoding: .utf8) == "\(getpid())\n")
    try folder.announce(gateway: "http://127.0.0.1:80")
    #expect(
      try String(contentsOfFile: "\(path)/env", encoding: .utf8)
        == "KUBECONFIG='\(path)/cluster/kubeconfig'\nGATEWAY='http://127.0.0.1:80'\n")
    folder.release()
  }
}
