import Foundation
import Manifests

/// Reads the documents of a YAML file as the program reads manifests; places are counted as it counts them.
func documents(at file: URL) throws -> [ManifestDocument] {
  try documents(in: String(contentsOf: file, encoding: .utf8), source: file.lastPathComponent)
}

/// Reads the documents of a YAML text.
func documents(in text: String, source: String) throws -> [ManifestDocument] {
  try ManifestDocument.all(in: text, source: source)
}
