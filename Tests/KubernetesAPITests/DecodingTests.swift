import Foundation
import JSONText
import KubernetesAPI
import Testing

@Suite("Objects as an API server sends them")
struct DecodingTests {
  private func decode<R: Decodable>(_ type: R.Type, _ text: String) throws -> R {
    try JSONDecoder().decode(type, from: Data(text.utf8))
  }

  @Test("unknown fields never break decoding, and absent lists are empty")
  func unknownFields() throws {
    let route = try decode(
      HTTPRoute.self,
      #"{"apiVersion":"x","metadata":{"name":"a","managedFields":[{"m":1}],"new":true},"spec":{"future":{},"rules":[{"matches":null}]}}"#
    )
    #expect(route.metadata.name == "a")
    #expect(route.spec.parentRefs.isEmpty)
    #expect(route.spec.rules.first?.matches == [])
  }

  @Test("an object that misses what its kind requires is an error")
  func missingSpec() {
    #expect(throws: DecodingError.self) { try decode(Gateway.self, #"{"metadata":{"name":"g"}}"#) }
  }

  @Test("a manifest has apiVersion and kind, and leaves empty members out")
  func manifest() throws {
    let lease = Lease(metadata: ObjectMeta(name: "leader"), spec: LeaseSpec(holderIdentity: "me"))
    let value = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(Manifest(lease)))
    #expect(
      value == [
        "apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": ["name": "leader"],
        "spec": ["holderIdentity": "me"],
      ])
  }

  @Test("a listener's status keeps the zero and the empty lists that the schema requires")
  func listenerStatus() throws {
    let status = ListenerStatus(name: "http", supportedKinds: [], attachedRoutes: 0, conditions: [])
    let value = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(status))
    #expect(value == ["name": "http", "supportedKinds": [], "attachedRoutes": 0, "conditions": []])
  }

  @Test("JSON survives reading and writing", arguments: [#"{"a":[1,-2,1.5,"x",true,null,{}]}"#, "[]", #""é""#])
  func roundTrip(_ text: String) throws {
    let value = try decode(JSONValue.self, text)
    #expect(try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(value)) == value)
  }

  @Test("ports and quantities take numbers and strings")
  func scalars() throws {
    #expect(try decode(IntOrString.self, "80") == .int(80))
    #expect(try decode(IntOrString.self, #""http""#) == .string("http"))
    #expect(try decode(Quantity.self, "8").wholeNumber == 8)
    #expect(try decode(Quantity.self, #""500m""#).wholeNumber == nil)
  }
}

@Suite("Small values")
struct ValueTests {
  @Test(
    "moments are written as the API writes them",
    arguments: [
      (0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"), (1_795_352_231, "2026-11-22T12:57:11Z"),
      (-1, "1969-12-31T23:59:59Z"),
    ])
  func timestamps(seconds: Int64, text: String) {
    #expect(Timestamp(secondsSince1970: seconds).rawValue == text)
  }

  @Test(
    "the older object goes first, then the one that is first by namespace/name as one text; without a time it is youngest",
    arguments: [
      ("b/b", "2026-01-01T00:00:00Z", "a/a", "2026-01-02T00:00:00Z", true),
      ("a/b", "2026-01-01T00:00:00Z", "a/a", "2026-01-01T00:00:00Z", false),
      ("a-b/x", "2026-01-01T00:00:00Z", "a/x", "2026-01-01T00:00:00Z", true),
      ("a/a", "", "b/b", "2026-01-01T00:00:00Z", false),
      ("a/a", "", "b/b", "", true),
    ])
  func age(one: String, oneTime: String, other: String, otherTime: String, isFirst: Bool) {
    let (one, other) = (namespace(one, oneTime), namespace(other, otherTime))
    #expect(one.isOlder(than: other) == isFirst)
    #expect(other.isOlder(than: one) != isFirst)
    #expect([one, other].oldestFirst().first == (isFirst ? one : other))
  }

  private func namespace(_ name: String, _ time: String) -> ConfigMap {
    let parts = name.split(separator: "/").map(String.init)
    return ConfigMap(
      metadata: ObjectMeta(
        name: parts[1], namespace: parts[0], creationTimestamp: time.isEmpty ? nil : Timestamp(rawValue: time)))
  }

  @Test("label selectors take what they say", arguments: [("In", true), ("NotIn", false), ("Exists", true)])
  func expressions(name: String, expected: Bool) {
    let requirement = LabelSelectorRequirement(key: "tier", operator: name, values: ["gold"])
    #expect(LabelSelector(matchExpressions: [requirement]).matches(["tier": "gold"]) == expected)
  }

  @Test("an empty selector takes all; an unknown operator takes none")
  func selectorEdges() {
    #expect(LabelSelector().matches([:]))
    #expect(!LabelSelector(matchExpressions: [.init(key: "a", operator: "Near")]).matches(["a": "b"]))
  }
}
