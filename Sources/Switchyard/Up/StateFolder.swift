import Foundation

/// Where `switchyard up` keeps its state, and tells others that it runs.
struct StateFolder: Sendable {
  let path: String

  var kubeconfig: String { "\(cluster)/kubeconfig" }
  var cluster: String { "\(path)/cluster" }
  private var processFile: String { "\(path)/pid" }
  private var environmentFile: String { "\(path)/env" }

  /// Makes the folder and claims it for this process.
  ///
  /// - Throws: ``StateFolderError`` if another process has it, or the folder cannot be made.
  init(_ path: String) throws {
    self.path = path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
    try FileManager.default.createDirectory(
      atPath: self.path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    if let other = runningProcess {
      throw StateFolderError(
        description:
          "--data-dir \(path): process \(other) already uses it; stop that with hack/down, or name another folder")
    }
    try write("\(ProcessInfo.processInfo.processIdentifier)\n", to: processFile)
  }

  private var runningProcess: Int32? {
    guard let data = FileManager.default.contents(atPath: processFile),
      let number = Int32(String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)),
      number != ProcessInfo.processInfo.processIdentifier, kill(number, 0) == 0
    else { return nil }
    return number
  }

  /// Says that everything is ready, as shell assignments.
  func announce(gateway: String?) throws {
    var lines = "KUBECONFIG=\(quoted(kubeconfig))\n"
    if let gateway { lines += "GATEWAY=\(quoted(gateway))\n" }
    try write(lines, to: environmentFile)
  }

  /// Takes the announcement and the claim back.
  func release() {
    for file in [environmentFile, processFile] where FileManager.default.fileExists(atPath: file) {
      do { try FileManager.default.removeItem(atPath: file) } catch {
        FileHandle.standardError.write(Data("\(file): \(error.localizedDescription)\n".utf8))
      }
    }
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
