import Foundation
import JSONText
import TestSupport
import Testing

@testable import KubernetesSchema

/// Reads what tests need from the repository and from YAML in the test itself.
enum SchemaSupport {
  static func definition(_ file: String) throws -> CustomResourceDefinition {
    let text = try String(contentsOf: repository.appending(path: "crds/\(file)"), encoding: .utf8)
    return try CustomResourceDefinition(try #require(try yamlDocuments(text).first))
  }

  static func schema(_ file: String) throws -> StructuralSchema {
    try #require(try definition(file).versions.first).schema
  }

  static func value(_ yaml: String) throws -> JSONValue {
    try #require(try yamlDocuments(yaml).first)
  }

  static let pools = "inference.networking.k8s.io_inferencepools.yaml"
  static let oldPools = "inference.networking.x-k8s.io_inferencepools.yaml"
  static let models = "inference.networking.x-k8s.io_inferencemodels.yaml"
}
