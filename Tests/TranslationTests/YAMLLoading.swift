import Foundation
import KubernetesAPI
import LocalCluster
import Translation

/// Reads the documents of a YAML file as the program reads manifests; places are counted as it counts them.
func documents(at file: URL) throws -> [ManifestDocument] {
  try documents(in: String(contentsOf: file, encoding: .utf8), source: file.lastPathComponent)
}

/// Reads the documents of a YAML text.
func documents(in text: String, source: String) throws -> [ManifestDocument] {
  var documents: [ManifestDocument] = []
  try readYAML(text) { documents.append(ManifestDocument(source: source, number: documents.count + 1, value: $0)) }
  return documents
}
