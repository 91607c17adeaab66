import Foundation

/// Reads the files that a configuration names.
enum ConfigurationFile {
  static func read(_ path: String, for field: String) throws -> [UInt8] {
    do {
      return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    } catch {
      let reason = FileManager.default.fileExists(atPath: path) ? "cannot be read: check its permissions" : "is missing"
      throw ConfigurationError("\(field): the file \(path) \(reason)")
    }
  }

  static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path)
  }

  /// `path`, from `directory` when it is relative; `nil` when there is none, or an empty one.
  static func resolve(_ path: String?, in directory: String) -> String? {
    guard let path, !path.isEmpty else { return nil }
    return path.hasPrefix("/") ? path : "\(directory)/\(path)"
  }

  static func directory(of path: String) -> String {
    URL(fileURLWithPath: path).deletingLastPathComponent().path
  }
}
