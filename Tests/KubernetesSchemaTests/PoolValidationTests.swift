import JSONText
import KubernetesAPI
import Testing

@testable import KubernetesSchema

/// What a real API server 1.36 answers to the same objects (kube-samples/http 11 to 20 and 33).
struct PoolValidationTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let object: String
    let message: String
    var testDescription: String { name }
  }

  private static let notChecked =
    "<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; "
    + "correct the existing errors to complete validation"

  static let cases = [
    Case(
      name: "13 missing", object: "spec: {}",
      message: "[spec.selector: Required value, spec.targetPorts: Required value, \(notChecked)]"),
    Case(
      name: "14 types",
      object: """
        spec:
          selector: {matchLabels: {app: x}}
          targetPorts: [{number: 0}, {number: "x"}]
          endpointPickerRef: {name: epp, port: {number: 9002}}
        """,
      message: "[spec.targetPorts[0].number: Invalid value: 0: spec.targetPorts[0].number in body should be greater "
        + "than or equal to 1, spec.targetPorts[1].number: Invalid value: \"string\": spec.targetPorts[1].number in "
        + "body must be of type integer: \"string\", \(notChecked)]"),
    Case(
      name: "15 rule",
      object: """
        spec:
          selector: {matchLabels: {app: x}}
          targetPorts: [{number: 80}, {number: 80}]
          endpointPickerRef: {name: epp, port: {number: 9002}}
        """,
      message: "spec.targetPorts: Invalid value: port number must be unique"),
    Case(
      name: "16 port required",
      object: """
        spec:
          selector: {matchLabels: {app: x}}
          targetPorts: [{number: 8000}]
          endpointPickerRef: {name: epp}
        """,
      message: "spec.endpointPickerRef: Invalid value: port is required when kind is 'Service' or unspecified "
        + "(defaults to 'Service')"),
    Case(
      name: "17 enum",
      object: """
        spec:
          selector: {matchLabels: {app: x}}
          targetPorts: [{number: 8000}]
          appProtocol: grpc
        """,
      message: "[spec.appProtocol: Unsupported value: \"grpc\": supported values: \"http\", \"kubernetes.io/h2c\", "
        + "\(notChecked)]"),
    Case(
      name: "33 status",
      object: """
        spec:
          selector: {matchLabels: {app: x}}
          targetPorts: [{number: 8000}]
        status:
          parents:
          - parentRef: {name: gw}
            conditions:
            - {type: Accepted, status: Maybe}
        """,
      message: "[status.parents[0].conditions[0].status: Unsupported value: \"Maybe\": supported values: \"True\", "
        + "\"False\", \"Unknown\", status.parents[0].conditions[0].lastTransitionTime: Required value, "
        + "status.parents[0].conditions[0].message: Required value, status.parents[0].conditions[0].reason: Required "
        + "value, \(notChecked)]"),
    Case(
      name: "duplicate condition",
      object: """
        spec:
          selector: {matchLabels: {app: x}}
          targetPorts: [{number: 8000}]
        status:
          parents:
          - parentRef: {name: gw}
            conditions:
            - {type: A, status: "True", reason: R, message: "", lastTransitionTime: 2026-01-01T00:00:00Z}
            - {type: A, status: "True", reason: R, message: "", lastTransitionTime: 2026-01-01T00:00:00Z}
        """,
      message: "status.parents[0].conditions[1]: Duplicate value: {\"type\":\"A\"}"),
    Case(
      name: "too many ports, and a bad label value",
      object: """
        spec:
          selector: {matchLabels: {app: "-"}}
          targetPorts:
            [{number: 1}, {number: 2}, {number: 3}, {number: 4}, {number: 5}, {number: 6}, {number: 7}, {number: 8},
              {number: 9}]
        """,
      message: "[spec.selector.matchLabels.app: Invalid value: \"-\": spec.selector.matchLabels.app in body should "
        + "match '^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$', spec.targetPorts: Too many: 9: must have at most 8 "
        + "items, \(notChecked)]"),
    Case(
      name: "not a time",
      object: """
        spec:
          selector: {matchLabels: {app: x}}
          targetPorts: [{number: 8000}]
        status:
          parents:
          - parentRef: {name: gw}
            conditions:
            - {type: A, status: "True", reason: R, message: "", lastTransitionTime: yesterday}
        """,
      message: "[status.parents[0].conditions[0].lastTransitionTime: Invalid value: \"yesterday\": "
        + "status.parents[0].conditions[0].lastTransitionTime in body must be of type date-time: \"yesterday\", "
        + "\(notChecked)]"),
  ]

  @Test(arguments: cases) func refused(_ example: Case) throws {
    let schema = try SchemaSupport.schema(SchemaSupport.pools)
    var object = try SchemaSupport.value(example.object)
    schema.applyDefaults(&object)
    #expect(FieldError.aggregate(schema.validate(object)) == example.message)
  }

  @Test func defaultsAreFilledIn() throws {
    let schema = try SchemaSupport.schema(SchemaSupport.pools)
    var object = try SchemaSupport.value(
      """
      apiVersion: inference.networking.k8s.io/v1
      kind: InferencePool
      metadata: {name: a}
      spec:
        selector: {matchLabels: {app: x}}
        targetPorts: [{number: 8000}]
        endpointPickerRef: {name: epp, port: {number: 9002}, failureMode: null}
      """)
    schema.applyDefaults(&object)
    #expect(object["spec", "appProtocol"] == "http")
    #expect(
      object["spec", "endpointPickerRef"] == [
        "failureMode": "FailClose", "group": "", "kind": "Service", "name": "epp", "port": ["number": 9002],
      ])
    #expect(object["status"] == nil)
    #expect(schema.validate(object).isEmpty)
  }

  @Test func unknownFieldsAreDroppedAndNamed() throws {
    let schema = try SchemaSupport.schema(SchemaSupport.pools)
    var object = try SchemaSupport.value(
      "{metadata: {x: 1}, spec: {colour: red, selector: {matchLabels: {any: x}}, targetPorts: [{numbr: 8000}]}, a: 1}")
    #expect(schema.prune(&object) == ["a", "metadata.x", "spec.colour", "spec.targetPorts[0].numbr"])
    #expect(
      object == ["metadata": [:], "spec": ["selector": ["matchLabels": ["any": "x"]], "targetPorts": [[:]]]])
  }

  @Test func whatDidNotChangeIsNotJudgedAgain() throws {
    let schema = try SchemaSupport.schema(SchemaSupport.pools)
    let bad = try SchemaSupport.value(
      "{spec: {selector: {matchLabels: {app: x}}, targetPorts: [{number: 8000}], appProtocol: grpc}}")
    var edited = bad
    if case .object(var members) = edited {
      members["status"] = ["parents": []]
      edited = .object(members)
    }
    #expect(!schema.validate(bad).isEmpty)
    #expect(schema.validate(edited, old: bad).isEmpty)
  }
}
