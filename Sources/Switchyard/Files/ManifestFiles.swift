import Foundation
import LocalCluster
import Translation

/// Why manifests could not be read.
struct ManifestFileError: Error, CustomStringConvertible {
  var description: String
}

/// Finds and reads manifests on disk.
enum ManifestFiles {
  /// Every document of the files at `paths`; a folder stands for its `.yaml`, `.yml` and `.json` files, sorted by path.
  ///
  /// - Throws: ``ManifestFileError`` that names the path and what to do.
  static func read(_ paths: [String]) throws -> [ManifestDocument] {
    try paths.flatMap(files).flatMap(documents)
  }

  private static func files(at path: String) throws -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw ManifestFileError(description: "\(path): no such file or folder; give a manifest or a folder of manifests")
    }
    guard isFolder.boolValue else { return [path] }
    let names = try FileManager.default.subpathsOfDirectory(atPath: path).sorted()
    let found = names.filter { name in
      [".yaml", ".yml", ".json"].contains { name.hasSuffix($0) } && !name.hasSuffix("kustomization.yaml")
    }
    guard !found.isEmpty else {
      throw ManifestFileError(description: "\(path): holds no .yaml, .yml or .json file; give a folder of manifests")
    }
    return found.map { "\(path)/\($0)" }
  }

  private static func documents(in file: String) throws -> [ManifestDocument] {
    do {
      let text = try String(contentsOfFile: file, encoding: .utf8)
      return try yamlDocuments(text).enumerated().map { number, value in
        ManifestDocument(source: file, number: number + 1, value: value)
      }
    } catch {
      throw ManifestFileError(description: "\(file): \(error)")
    }
  }
}
