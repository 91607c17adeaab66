import Foundation
import JSONText
import KubernetesAPI
import KubernetesSchema
import Translation
import Yams

/// Why manifests could not be read.
package struct ManifestFileError: Error, CustomStringConvertible {
  package var description: String

  /// An error that names file and cure.
  package init(description: String) { self.description = description }
}

/// Manifests on disk, as far as they could be read.
package struct ManifestFiles {
  /// The documents, each with its place in its file; of a file with a mistake those before it.
  package private(set) var documents: [ManifestDocument] = []
  /// What was wrong with files, one a file.
  package private(set) var problems: [ManifestFileError] = []

  /// Reads the files at `paths`; a folder stands for its `.yaml`, `.yml` and `.json` files, sorted by path.
  ///
  /// - Throws: ``ManifestFileError`` for a path with nothing to read, with what to do.
  package init(_ paths: [String]) throws {
    for file in try paths.flatMap(Self.files) { read(file) }
  }

  /// Every document of the files at `paths`.
  ///
  /// - Throws: ``ManifestFileError`` also for a file that cannot be read to its end, with file and line.
  package static func read(_ paths: [String]) throws -> [ManifestDocument] {
    let files = try ManifestFiles(paths)
    if let problem = files.problems.first { throw problem }
    return files.documents
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
    return found.map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" }
  }

  private mutating func read(_ file: String) {
    var number = 0
    do {
      try readYAML(Self.text(of: file)) { value in
        // Counted before the empty ones are left out: a document's place is where its author sees it.
        number += 1
        if !value.isNull { documents.append(ManifestDocument(source: file, number: number, value: value)) }
      }
    } catch {
      problems.append(ManifestFileError(description: Self.line(for: error, in: file)))
    }
  }

  private static func text(of file: String) throws -> String {
    let bytes = try Data(contentsOf: URL(filePath: file))
    guard let text = String(bytes: bytes, encoding: .utf8) else {
      throw ManifestFileError(description: "this is no text in UTF-8: save it as such")
    }
    return text
  }

  /// One line, as those of ``ManifestProblem``, with the place in the file where the error knows it.
  private static func line(for error: any Error, in file: String) -> String {
    switch error {
    case YamlError.scanner(let context, let problem, let mark, _),
      YamlError.parser(let context, let problem, let mark, _),
      YamlError.composer(let context, let problem, let mark, _):
      let start = context.map { "\($0.text) from line \($0.mark.line): " } ?? ""
      return "\(file), line \(mark.line), column \(mark.column): error: \(start)\(problem): correct the YAML"
    case YamlError.duplicatedKeysInMapping(let names, let context):
      return
        "\(file), line \(context.mark.line): error: a map from here on has \(names.sorted().joined(separator: ", ")) "
        + "twice: remove one of them"
    case let error as CocoaError:
      return "\(file): error: \(error.localizedDescription)"
    default:
      // Errors of the reader draw the place on lines of their own.
      return "\(file): error: \("\(error)".prefix { $0 != "\n" })"
    }
  }
}
