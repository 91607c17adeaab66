import Foundation
import JSONText
import KubernetesAPI
import KubernetesSchema
import TestSupport
import Testing

@testable import LocalCluster

@Suite struct OpenAPITests {
  /// kubectl cannot say "no matches for kind" without a v2 document, however little that says.
  @Test func theSecondVersionIsAValidDocumentThatSaysNothing() throws {
    let handler = try TestCluster.make()
    let json = handler.send("GET", "/openapi/v2")
    #expect(json.status == 200)
    #expect(json.body["swagger"] == "2.0" && json.body["paths"] == [:] && json.body["definitions"] == [:])
    let answer = handler.handle(
      APIRequest(
        method: "GET", target: "/openapi/v2?timeout=32s",
        accept: "application/com.github.proto-openapi.spec.v2@v1.0+protobuf"))
    #expect(
      answer.headers.contains {
        $0.name == "Content-Type" && $0.value == "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"
      })
    guard case .bytes(let bytes) = answer.body else { throw LocalClusterError(code: 0, message: "no body") }
    let info = [0x0A, 10] + Array("Kubernetes".utf8) + [0x12, 4] + Array("1.36".utf8)
    #expect(bytes == [0x0A, 3] + Array("2.0".utf8) + [0x12, UInt8(info.count)] + info + [0x42, 0, 0x4A, 0])
    #expect(handler.send("POST", "/openapi/v2").status == 405)
  }

  @Test func theOpenAPIDocumentNamesKindsAndFields() throws {
    let file = repository.appending(path: "crds/inference.networking.k8s.io_inferencepools.yaml")
    let definition = try #require(yamlDocuments(String(contentsOf: file, encoding: .utf8)).first)
    let kinds = try CustomResourceDefinition(definition).servedKinds
    let document = OpenAPIDocument.document(group: "inference.networking.k8s.io", version: "v1", kinds: kinds)
    let schema = document["components", "schemas", "io.k8s.networking.inference.v1.InferencePool"]
    #expect(
      schema?["x-kubernetes-group-version-kind"] == [
        ["group": "inference.networking.k8s.io", "version": "v1", "kind": "InferencePool"]
      ])
    let ports = schema?["properties", "spec", "properties", "targetPorts", "description"]?.stringValue
    #expect(ports?.isEmpty == false)
    let path = "/apis/inference.networking.k8s.io/v1/namespaces/{namespace}/inferencepools/{name}"
    let parameters = document["paths", path, "patch", "parameters"]?.arrayValue ?? []
    #expect(parameters.contains { $0["name"] == "fieldValidation" })
  }
}
