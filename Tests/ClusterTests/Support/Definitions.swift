import Foundation
import JSONText
import KubernetesAPI
import KubernetesClient
import TestSupport
import Testing

/// Our CustomResourceDefinitions, as `crds/` has them.
enum Definitions {
  struct File: Sendable, CustomTestStringConvertible {
    var name: String
    var bytes: [UInt8]
    var testDescription: String { name }
  }

  static let path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"

  /// The files, named as the objects in them: `GROUP_PLURAL.yaml` is `PLURAL.GROUP`.
  static let files: [File] = [
    "inference.networking.k8s.io_inferencepools", "inference.networking.x-k8s.io_inferencepools",
    "inference.networking.x-k8s.io_inferencemodels",
    "inference.networking.x-k8s.io_inferenceobjectives", "inference.networking.x-k8s.io_inferencemodelrewrites",
    "llm-d.ai_inferenceobjectives", "llm-d.ai_inferencemodelrewrites",
  ].map { stem in
    let parts = stem.split(separator: "_")
    let bytes = FileManager.default.contents(atPath: repository.appending(path: "crds/\(stem).yaml").path) ?? Data()
    return File(name: "\(parts[1]).\(parts[0])", bytes: Array(bytes))
  }

  /// Applies a definition as `kubectl apply --server-side` does.
  static func apply(_ file: File, to cluster: Cluster) async throws -> Answer {
    try await cluster.send(
      "PATCH", "\(path)/\(file.name)",
      query: [("fieldManager", "cluster-tests"), ("force", "true"), ("fieldValidation", "Strict")],
      bytes: file.bytes, type: "application/apply-patch+yaml")
  }

  static func isEstablished(_ name: String, in cluster: Cluster) async throws -> Bool {
    let conditions = try await cluster.send("GET", "\(path)/\(name)").body["status"]?["conditions"]?.arrayValue ?? []
    return conditions.contains { $0["type"] == "Established" && $0["status"] == "True" }
  }
}
