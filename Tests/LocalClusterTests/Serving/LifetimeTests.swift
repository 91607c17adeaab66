import Foundation
import JSONText
import KubernetesAPI
import KubernetesSchema
import Testing

@testable import LocalCluster

/// When objects go: with their owners, with their kind, with their namespace, or after an hour.
@Suite struct LifetimeTests {
  static let maps = "/api/v1/namespaces/default/configmaps"
  static let definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
  let clock = TestClock()
  let handler: APIHandler

  init() throws {
    let clock = clock
    handler = try TestCluster.make(now: { clock.now() })
  }

  func map(_ name: String, owners: [String] = [], namespace: String = "default") -> String {
    let references: [JSONValue] = owners.map {
      ["apiVersion": "v1", "kind": "ConfigMap", "name": "owner", "uid": .string($0)]
    }
    let object: JSONValue = [
      "apiVersion": "v1", "kind": "ConfigMap",
      "metadata": ["name": .string(name), "ownerReferences": .array(references)],
    ]
    return handler.send("POST", "/api/v1/namespaces/\(namespace)/configmaps", object).body.objectUID
  }

  @Test func objectsGoWithTheLastOfTheirOwners() {
    let (one, two) = (map("one"), map("two"))
    _ = map("child", owners: [one, two])
    _ = map("grandchild", owners: [handler.send("GET", Self.maps + "/child").body.objectUID])
    _ = handler.send("DELETE", Self.maps + "/one")
    let child = handler.send("GET", Self.maps + "/child")
    #expect(child.body["metadata", "ownerReferences"]?.arrayValue?.map { $0["uid"]?.stringValue } == [two])
    #expect(handler.send("GET", Self.maps + "/grandchild").status == 200)
    _ = handler.send("DELETE", Self.maps + "/two")
    #expect(handler.send("GET", Self.maps + "/child").status == 404)
    #expect(handler.send("GET", Self.maps + "/grandchild").status == 404)
  }

  /// R owns A, and both own B and the held H: what goes with A is not written once more for R.
  @Test func anObjectOfTwoOwnersThatGoTogetherGoesOnce() {
    for round in 0..<20 {
      let top = map("r\(round)")
      let middle = map("a\(round)", owners: [top])
      _ = map("b\(round)", owners: [top, middle])
      _ = map("h\(round)", owners: [top, middle])
      _ = handler.send(
        "PATCH", Self.maps + "/h\(round)", ["metadata": ["finalizers": ["example.org/hold"]]],
        type: "application/merge-patch+json")
      let version = handler.storage.read { $0.store.version }
      _ = handler.send("DELETE", Self.maps + "/r\(round)")
      #expect(handler.send("GET", Self.maps + "/a\(round)").status == 404)
      #expect(handler.send("GET", Self.maps + "/b\(round)").status == 404)
      #expect(handler.send("GET", Self.maps + "/h\(round)").body.isTerminating)
      let changes = handler.storage.read { state in
        state.store.changes(ResourceName(group: "", plural: "configmaps"), after: version)?.map(\.key)
      }
      #expect(changes?.filter { $0 == "default/h\(round)" }.count == 1)
    }
  }

  @Test func aCollectionGoesWithItsDependents() {
    for name in ["o1", "o2"] {
      let owner = map(name)
      _ = map("of-\(name)", owners: [owner])
    }
    _ = map("of-both", owners: ["o1", "o2"].map { handler.send("GET", Self.maps + "/\($0)").body.objectUID })
    for name in ["o1", "o2"] {
      _ = handler.send(
        "PATCH", Self.maps + "/\(name)", ["metadata": ["labels": ["go": "yes"]]], type: "application/merge-patch+json")
    }
    #expect(handler.send("DELETE", Self.maps + "?labelSelector=go%3Dyes").status == 200)
    #expect(handler.send("GET", Self.maps).body["items"] == [])
  }

  @Test func orphansStay() {
    _ = map("child", owners: [map("one")])
    _ = handler.send("DELETE", Self.maps + "/one?propagationPolicy=Orphan")
    #expect(handler.send("GET", Self.maps + "/child").status == 200)
  }

  static let thing: JSONValue = [
    "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
    "metadata": ["name": "things.example.org"],
    "spec": [
      "group": "example.org", "scope": "Namespaced", "names": ["plural": "things", "kind": "Thing"],
      "versions": [
        [
          "name": "v1", "served": true, "storage": true,
          "schema": ["openAPIV3Schema": ["type": "object", "x-kubernetes-preserve-unknown-fields": true]],
        ]
      ],
    ],
  ]

  @Test func aFinalizerKeepsAnObjectItsDefinitionAndItsNamespace() {
    _ = handler.send("POST", "/api/v1/namespaces", ["metadata": ["name": "team"]])
    #expect(handler.send("POST", Self.definitions, Self.thing).status == 201)
    let things = "/apis/example.org/v1/namespaces/team/things"
    for (name, finalizers) in [("held", ["example.org/hold"]), ("free", [])] as [(String, [JSONValue])] {
      let object: JSONValue = [
        "apiVersion": "example.org/v1", "kind": "Thing",
        "metadata": ["name": .string(name), "finalizers": .array(finalizers)],
      ]
      #expect(handler.send("POST", things, object).status == 201)
    }
    let deleted = handler.send("DELETE", Self.definitions + "/things.example.org")
    #expect(deleted.body.isTerminating)
    let conditions = deleted.body["status", "conditions"]?.arrayValue ?? []
    #expect(conditions.contains { $0["type"] == "Terminating" && $0["status"] == "True" })
    #expect(handler.send("GET", things + "/free").status == 404)
    #expect(handler.send("GET", things + "/held").body.isTerminating)
    let refused = handler.send(
      "POST", things, ["apiVersion": "example.org/v1", "kind": "Thing", "metadata": ["name": "late"]])
    #expect(refused.status == 405)
    // Another write does not end the waiting.
    _ = handler.send(
      "PATCH", Self.definitions + "/things.example.org", ["metadata": ["labels": ["k": "v"]]],
      type: "application/merge-patch+json")
    #expect(handler.send("GET", Self.definitions + "/things.example.org").body.isTerminating)
    #expect(handler.send("DELETE", "/api/v1/namespaces/team").body["status", "phase"]?.stringValue == "Terminating")
    #expect(handler.send("GET", "/api/v1/namespaces/team").status == 200)
    _ = handler.send(
      "PATCH", things + "/held", ["metadata": ["finalizers": .null]], type: "application/merge-patch+json")
    #expect(handler.send("GET", things).status == 404)
    #expect(handler.send("GET", Self.definitions + "/things.example.org").status == 404)
    #expect(handler.send("GET", "/api/v1/namespaces/team").status == 404)
  }

  @Test func eventsAreForgottenAfterAnHour() {
    let events = "/api/v1/namespaces/default/events"
    func event(_ name: String) -> JSONValue {
      [
        "apiVersion": "v1", "kind": "Event", "metadata": ["name": .string(name)], "reason": "R", "type": "Normal",
        "involvedObject": ["kind": "Pod", "name": "p", "namespace": "default"],
      ]
    }
    for name in ["old", "renewed"] { #expect(handler.send("POST", events, event(name)).status == 201) }
    clock.advance(1800)
    _ = handler.send("PATCH", events + "/renewed", ["count": 2], type: "application/merge-patch+json")
    let version = handler.storage.read { $0.store.version }
    clock.advance(1790)
    #expect(handler.send("GET", events).body["items"]?.arrayValue?.count == 2)
    clock.advance(70)
    #expect(handler.send("GET", events).body["items"]?.arrayValue?.map(\.objectName) == ["renewed"])
    let changes = handler.storage.read {
      $0.store.changes(ResourceName(group: "", plural: "events"), after: version)?.map { ($0.key, $0.deleted) }
    }
    #expect(changes?.map(\.0) == ["default/old"] && changes?.map(\.1) == [true])
    // Other objects have no end.
    _ = map("stays")
    clock.advance(100_000)
    #expect(handler.send("GET", Self.maps + "/stays").status == 200)
    #expect(handler.send("GET", events).body["items"] == [])
  }

  @Test func theWatchLogIsBoundedByBytes() {
    let resource = ResourceName(group: "", plural: "configmaps")
    var store = ObjectStore(logByteLimit: 100_000)
    let large = JSONValue.string(String(repeating: "x", count: 10_000))
    for number in 0..<100 {
      store.put(resource, "default/a", ["metadata": ["name": "a"], "data": ["k": large, "n": .string("\(number)")]])
    }
    #expect(store.changes(resource, after: store.version - 1)?.count == 1)
    #expect(store.changes(resource, after: store.version - 20) == nil)
    #expect((store.collections[resource]?.logBytes ?? 0) <= 100_000)
    // One change that is larger than the limit can still be watched.
    store.put(
      resource, "default/a",
      ["metadata": ["name": "a"], "data": ["k": .string(String(repeating: "y", count: 200_000))]])
    #expect(store.changes(resource, after: store.version - 1)?.count == 1)
  }

  @Test func aRuleMayRunWithoutAValueBefore() throws {
    let schema = try StructuralSchema([
      "type": "object",
      "properties": [
        "n": [
          "type": "integer",
          "x-kubernetes-validations": [
            ["rule": "oldSelf.hasValue() ? self >= oldSelf.value() : self == 1", "optionalOldSelf": true]
          ],
        ]
      ],
    ])
    #expect(schema.validate(["n": 1]).isEmpty)
    #expect(!schema.validate(["n": 2]).isEmpty)
    #expect(schema.validate(["n": 2], old: ["n": 1]).isEmpty)
    #expect(!schema.validate(["n": 1], old: ["n": 2]).isEmpty)
  }

  @Test func defaultsOfANewerSchemaShowInOldObjects() {
    var definition = Self.thing
    func schema(_ text: JSONValue) {
      definition["spec", "versions"] = [
        ["name": "v1", "served": true, "storage": true, "schema": ["openAPIV3Schema": text]]
      ]
    }
    schema(["type": "object", "properties": ["spec": ["type": "object", "properties": ["old": ["type": "string"]]]]])
    #expect(handler.send("POST", Self.definitions, definition).status == 201)
    let things = "/apis/example.org/v1/namespaces/default/things"
    let object: JSONValue = [
      "apiVersion": "example.org/v1", "kind": "Thing", "metadata": ["name": "a"], "spec": ["old": "x"],
    ]
    let created = handler.send("POST", things, object).body
    schema([
      "type": "object",
      "properties": ["spec": ["type": "object", "properties": ["new": ["type": "string", "default": "d"]]]],
    ])
    definition["metadata", "resourceVersion"] =
      handler.send("GET", Self.definitions + "/things.example.org").body["metadata", "resourceVersion"]
    #expect(handler.send("PUT", Self.definitions + "/things.example.org", definition).status == 200)
    let found = handler.send("GET", things + "/a").body
    #expect(found["spec"] == ["new": "d"])
    #expect(found.objectVersion == created.objectVersion)
  }
}
