import Foundation
import Glibc

/// Where `switchyard up` keeps its state, and tells others that it runs.
package struct StateFolder: Sendable {
  let path: String

  var kubeconfig: String { "\(cluster)/kubeconfig" }
  package var cluster: String { "\(path)/cluster" }
  private let claim: ProcessClaim
  private var environmentFile: String { "\(path)/env" }

  /// Makes the folder and claims it for this process.
  ///
  /// - Throws: ``StateFolderError`` if another process has it, or the folder cannot be made.
  package init(_ path: String) throws {
    self.path = path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
    try FileManager.default.createDirectory(
      atPath: self.path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    guard let claim = try ProcessClaim("\(self.path)/pid") else {
      let other = FileManager.default.contents(atPath: "\(self.path)/pid") ?? Data()
      let number = String(decoding: other, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
      throw StateFolderError(
        description:
          "--data-dir \(path): process \(number) already uses it; stop that with hack/down, or name another folder")
    }
    self.claim = claim
  }

  /// Says that everything is ready, as shell assignments.
  func announce(gateway: String?) throws {
    var lines = "KUBECONFIG=\(quoted(kubeconfig))\n"
    if let gateway { lines += "GATEWAY=\(quoted(gateway))\n" }
    try write(lines, to: environmentFile)
  }

  /// Takes the announcement and the claim back.
  package func release() {
    if unlink(environmentFile) != 0, errno != ENOENT {
      FileHandle.standardError.write(Data("\(environmentFile): \(String(cString: strerror(errno)))\n".utf8))
    }
    claim.release()
  }

  private func quoted(_ text: String) -> String { "'" + text.replacingOccurrences(of: "'", with: #"'\''"#) + "'" }

  private func write(_ text: String, to file: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: file), options: .atomic)
  }
}

/// Why the state folder cannot be used.
struct StateFolderError: Error, CustomStringConvertible {
  var description: String
}
