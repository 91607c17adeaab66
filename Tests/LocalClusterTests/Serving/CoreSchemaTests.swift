import JSONText
import KubernetesAPI
import KubernetesSchema
import Testing

@testable import LocalCluster

struct CoreSchemaTests {
  @Test(arguments: [
    ("Pod", "spec: {containers: [{name: a, anything: {else: 1}}], hostNetwork: true}", "[]"),
    (
      "Service", "spec: {ports: [{port: '80'}]}",
      "spec.ports[0].port: Invalid value: \"string\": spec.ports[0].port in body must be of type integer: \"string\""
    ),
    ("Service", "spec: {ports: [{port: 80, targetPort: http}, {port: 81, targetPort: 8081}]}", "[]"),
    ("EndpointSlice", "{addressType: IPv4, endpoints: [{addresses: [10.0.0.1], conditions: {ready: true}}]}", "[]"),
    ("Lease", "spec: {holderIdentity: a, renewTime: 2026-11-22T13:26:17.000000Z, leaseDurationSeconds: 15}", "[]"),
    ("Secret", "data: {a: aGVsbG8=}", "[]"),
    ("ConfigMap", "data: {a: b}", "[]"),
  ])
  func objects(_ kind: String, _ yaml: String, _ message: String) throws {
    let served = try BuiltInKinds.all().first { $0.kind == kind }
    let schema = try #require(served?.schema)
    var object = try #require(yamlDocuments(yaml).first)
    let whole = object
    #expect(schema.prune(&object) == [])
    #expect(object == whole)
    schema.applyDefaults(&object)
    #expect(FieldError.aggregate(schema.validate(object)) == message)
  }

  @Test func serviceDefaults() throws {
    let schema = try #require(try CoreSchemas.all()["Service"])
    var object = try #require(yamlDocuments("spec: {ports: [{port: 80}]}").first)
    schema.applyDefaults(&object)
    #expect(
      object == [
        "spec": ["type": "ClusterIP", "sessionAffinity": "None", "ports": [["port": 80, "protocol": "TCP"]]]
      ])
  }
}
