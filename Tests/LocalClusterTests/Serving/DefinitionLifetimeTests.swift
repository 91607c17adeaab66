import Foundation
import JSONText
import KubernetesSchema
import TestSupport
import Testing

@testable import LocalCluster

/// What becomes of the objects of a kind when its definition changes or goes.
@Suite struct DefinitionLifetimeTests {
  static let definition = LifetimeTests.definitions + "/things.example.org"
  static let things = "/apis/example.org/v1/namespaces/default/things"
  static let resource = ResourceName(group: "example.org", plural: "things")

  static func thing(_ name: String, _ spec: JSONValue = [:]) -> JSONValue {
    ["apiVersion": "example.org/v1", "kind": "Thing", "metadata": ["name": .string(name)], "spec": spec]
  }

  static func definition(_ fields: JSONValue, served: Bool = true) -> JSONValue {
    var definition = LifetimeTests.thing
    let schema: JSONValue = [
      "type": "object", "properties": ["spec": ["type": "object", "properties": fields]],
    ]
    definition["spec", "versions"] = [
      ["name": "v1", "served": .bool(served), "storage": true, "schema": ["openAPIV3Schema": schema]]
    ]
    return definition
  }

  /// Puts a definition in the place of the one that is there.
  static func replace(_ handler: APIHandler, _ definition: JSONValue) {
    var definition = definition
    definition["metadata", "resourceVersion"] = handler.send("GET", Self.definition).body["metadata", "resourceVersion"]
    #expect(handler.send("PUT", Self.definition, definition).status == 200)
  }

  @Test func aDefinitionThatIsNotServedGoesWithItsObjects() throws {
    let handler = try TestCluster.make()
    #expect(handler.send("POST", LifetimeTests.definitions, Self.definition([:])).status == 201)
    #expect(handler.send("POST", Self.things, Self.thing("a")).status == 201)
    Self.replace(handler, Self.definition([:], served: false))
    #expect(handler.send("GET", Self.things + "/a").status == 404)
    #expect(handler.send("DELETE", Self.definition).status == 200)
    #expect(handler.send("GET", Self.definition).status == 404)
    #expect(handler.storage.read { $0.store.isEmpty(Self.resource) })
  }

  @Test func aNamespaceGoesWithObjectsThatAreNotServed() throws {
    let handler = try TestCluster.make()
    _ = handler.send("POST", "/api/v1/namespaces", ["metadata": ["name": "team"]])
    #expect(handler.send("POST", LifetimeTests.definitions, Self.definition([:])).status == 201)
    let things = "/apis/example.org/v1/namespaces/team/things"
    #expect(handler.send("POST", things, Self.thing("a")).status == 201)
    Self.replace(handler, Self.definition([:], served: false))
    _ = handler.send("DELETE", "/api/v1/namespaces/team")
    #expect(handler.send("GET", "/api/v1/namespaces/team").status == 404)
    #expect(handler.storage.read { $0.store.isEmpty(Self.resource) })
  }

  @Test func fieldsThatASchemaLostComeBackWithIt() throws {
    try withTemporaryPath { folder in
      let handler = try TestCluster.make(folder: folder)
      let (wide, narrow): (JSONValue, JSONValue) = (["old": ["type": "string"]], ["new": ["type": "string"]])
      #expect(handler.send("POST", LifetimeTests.definitions, Self.definition(wide)).status == 201)
      #expect(handler.send("POST", Self.things, Self.thing("a", ["old": "x"])).status == 201)
      Self.replace(handler, Self.definition(narrow))
      #expect(handler.send("GET", Self.things + "/a").body["spec"] == [:])
      handler.storage.release()
      let second = try TestCluster.make(folder: folder)
      #expect(second.send("GET", Self.things + "/a").body["spec"] == [:])
      Self.replace(second, Self.definition(wide))
      #expect(second.send("GET", Self.things + "/a").body["spec"] == ["old": "x"])
    }
  }

  /// A refused write takes nothing from what is hidden; one that is made puts itself in its place.
  @Test func aWriteReplacesWhatIsHidden() {
    var store = ObjectStore()
    let (full, shown): (JSONValue, JSONValue) = (["spec": ["old": "x"]], ["spec": [:]])
    store.put(Self.resource, "default/a", full)
    store.refresh(Self.resource, "default/a", shown)
    #expect(store.storedObject(Self.resource, "default/a")?["spec"] == ["old": "x"])
    let entry = store.put(Self.resource, "default/a", ["spec": ["new": "y"]])
    #expect(store.storedObject(Self.resource, "default/a")?["spec"] == ["new": "y"])
    store.undo(entry, of: Self.resource)
    #expect(store.object(Self.resource, "default/a") == shown)
    #expect(store.storedObject(Self.resource, "default/a")?["spec"] == ["old": "x"])
  }

  @Test func aSnapshotHoldsWhatIsHidden() throws {
    try withTemporaryPath { folder in
      var (journal, store) = try Journal.open(folder: folder)
      store.put(Self.resource, "default/a", ["spec": ["old": "x"]])
      store.refresh(Self.resource, "default/a", ["spec": [:]])
      try journal.fold(store)
      let snapshot = try #require(try DiskFile.read(folder + "/snapshot.jsonl"))
      #expect(String(decoding: snapshot, as: UTF8.self).contains(#""old":"x""#))
    }
  }

  /// Whether a kind is compiled anew tells how much work a write to a definition is.
  @Test func onlyTheSpecOfADefinitionChangesItsKind() throws {
    let handler = try TestCluster.make()
    func root() -> SchemaNode? {
      handler.storage.read { $0.kinds.kind(group: "example.org", version: "v1", plural: "things")?.schema?.root }
    }
    #expect(handler.send("POST", LifetimeTests.definitions, Self.definition([:])).status == 201)
    let before = try #require(root())
    _ = handler.send(
      "PATCH", Self.definition, ["metadata": ["labels": ["k": "v"]]], type: "application/merge-patch+json")
    #expect(root() === before)
    Self.replace(handler, Self.definition(["n": ["type": "string"]]))
    #expect(root() !== before)
  }

  @Test func aKindMadeAnewIsAnotherKind() throws {
    let handler = try TestCluster.make()
    #expect(handler.send("POST", LifetimeTests.definitions, Self.definition([:])).status == 201)
    let first = try #require(
      handler.storage.read { $0.kinds.kind(group: "example.org", version: "v1", plural: "things") })
    #expect(handler.storage.read { $0.kinds.serves(first) })
    Self.replace(handler, Self.definition(["n": ["type": "string"]]))
    #expect(handler.storage.read { $0.kinds.serves(first) })
    _ = handler.send("DELETE", Self.definition)
    #expect(!handler.storage.read { $0.kinds.serves(first) })
    #expect(handler.send("POST", LifetimeTests.definitions, Self.definition([:])).status == 201)
    #expect(!handler.storage.read { $0.kinds.serves(first) })
  }
}
