import Foundation
import JSONText
import KubernetesAPI
import Testing

@testable import LocalCluster

/// The life of objects as a client sees it, request by request.
@Suite struct ConversationTests {
  let handler: APIHandler
  static let pools = "/apis/inference.networking.k8s.io/v1/namespaces/default/inferencepools"

  init() throws {
    handler = try TestCluster.make()
    let crd = try TestCluster.crd("inference.networking.k8s.io_inferencepools.yaml")
    let answer = handler.send("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", crd)
    #expect(answer.status == 201, "\(answer.body)")
  }

  static func pool(_ name: String, port: Int64 = 8000) -> JSONValue {
    [
      "apiVersion": "inference.networking.k8s.io/v1", "kind": "InferencePool", "metadata": ["name": .string(name)],
      "spec": [
        "selector": ["matchLabels": ["app": "x"]], "targetPorts": [["number": .integer(port)]],
        "endpointPickerRef": ["name": "epp", "port": ["number": 9002]],
      ],
    ]
  }

  @Test func createdObjectsHaveIdentityAndGeneration() {
    let created = handler.send("POST", Self.pools, Self.pool("a"))
    #expect(created.status == 201)
    #expect(created.body["metadata", "generation"] == 1)
    #expect(!created.body.objectUID.isEmpty)
    #expect(created.body["metadata", "namespace"]?.stringValue == "default")
    #expect(created.body["spec", "endpointPickerRef", "failureMode"]?.stringValue == "FailClose")
    #expect(handler.send("POST", Self.pools, Self.pool("a")).status == 409)
  }

  @Test func generationFollowsTheSpecOnly() {
    let created = handler.send("POST", Self.pools, Self.pool("a")).body
    let labelled = handler.send(
      "PATCH", Self.pools + "/a", ["metadata": ["labels": ["k": "v"]]], type: "application/merge-patch+json")
    #expect(labelled.status == 200)
    #expect(labelled.body["metadata", "generation"] == 1)
    #expect(labelled.body.objectVersion > created.objectVersion)
    let changed = handler.send(
      "PATCH", Self.pools + "/a", ["spec": ["targetPorts": [["number": 8001]]]], type: "application/merge-patch+json")
    #expect(changed.body["metadata", "generation"] == 2)
  }

  @Test func aWriteThatChangesNothingKeepsTheVersion() {
    let created = handler.send("POST", Self.pools, Self.pool("a")).body
    let again = handler.send("PUT", Self.pools + "/a", created)
    #expect(again.status == 200)
    #expect(again.body.objectVersion == created.objectVersion)
  }

  @Test func aStaleUpdateIsRefused() {
    let created = handler.send("POST", Self.pools, Self.pool("a")).body
    _ = handler.send(
      "PATCH", Self.pools + "/a", ["spec": ["targetPorts": [["number": 8001]]]], type: "application/merge-patch+json")
    let stale = handler.send("PUT", Self.pools + "/a", created)
    #expect(stale.status == 409)
    #expect(stale.body["reason"]?.stringValue == "Conflict")
  }

  @Test func statusAndSpecAreWrittenApart() {
    _ = handler.send("POST", Self.pools, Self.pool("a"))
    let parents: JSONValue = ["status": ["parents": [["parentRef": ["name": "g"]]]]]
    let main = handler.send("PATCH", Self.pools + "/a", parents, type: "application/merge-patch+json")
    #expect(main.body["status"] == nil)
    let status = handler.send("PATCH", Self.pools + "/a/status", parents, type: "application/merge-patch+json")
    #expect(status.status == 200, "\(status.body)")
    #expect(status.body["status", "parents"]?.arrayValue?.count == 1)
    #expect(status.body["metadata", "generation"] == 1)
  }

  @Test func finalizersHoldADeletion() {
    _ = handler.send("POST", Self.pools, Self.pool("a"))
    _ = handler.send(
      "PATCH", Self.pools + "/a", ["metadata": ["finalizers": ["example.net/hold"]]],
      type: "application/merge-patch+json")
    let held = handler.send("DELETE", Self.pools + "/a")
    #expect(held.body["metadata", "deletionTimestamp"] != nil)
    #expect(handler.send("GET", Self.pools + "/a").status == 200)
    _ = handler.send(
      "PATCH", Self.pools + "/a", ["metadata": ["finalizers": .null]], type: "application/merge-patch+json")
    #expect(handler.send("GET", Self.pools + "/a").status == 404)
  }

  @Test func aNamespaceTakesItsObjectsAlong() {
    let namespace: JSONValue = ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "team"]]
    #expect(handler.send("POST", "/api/v1/namespaces", namespace).status == 201)
    let pools = "/apis/inference.networking.k8s.io/v1/namespaces/team/inferencepools"
    #expect(handler.send("POST", pools, Self.pool("a")).status == 201)
    let deleted = handler.send("DELETE", "/api/v1/namespaces/team")
    #expect(deleted.body["status", "phase"]?.stringValue == "Terminating")
    #expect(handler.send("GET", pools + "/a").status == 404)
    #expect(handler.send("GET", "/api/v1/namespaces/team").status == 404)
    #expect(handler.send("POST", pools, Self.pool("a")).status == 404)
  }

  @Test func listsPageAndSelect() {
    for name in ["a", "b", "c"] { _ = handler.send("POST", Self.pools, Self.pool(name)) }
    let first = handler.send("GET", Self.pools + "?limit=2").body
    #expect(first["items"]?.arrayValue?.map(\.objectName) == ["a", "b"])
    #expect(first["metadata", "remainingItemCount"] == 1)
    let token = first["metadata", "continue"]?.stringValue ?? ""
    let second = handler.send("GET", Self.pools + "?limit=2&continue=\(token)").body
    #expect(second["items"]?.arrayValue?.map(\.objectName) == ["c"])
    #expect(handler.send("GET", Self.pools + "?fieldSelector=metadata.name%3Db").body["items"]?.arrayValue?.count == 1)
    #expect(handler.send("GET", Self.pools + "?fieldSelector=spec.x%3Db").status == 400)
    #expect(handler.send("GET", Self.pools + "?labelSelector=k%3Dv").body["items"]?.arrayValue?.isEmpty == true)
  }

  @Test func serverSideApplyKeepsOwners() {
    let type = "application/apply-patch+yaml"
    let target = Self.pools + "/s?fieldManager="
    #expect(handler.send("PATCH", target + "one", Self.pool("s"), type: type).status == 201)
    let conflict = handler.send("PATCH", target + "two", Self.pool("s", port: 9001), type: type)
    #expect(conflict.status == 409)
    #expect(conflict.body["message"]?.stringValue?.contains("conflict with \"one\": .spec.targetPorts") == true)
    let forced = handler.send("PATCH", target + "two&force=true", Self.pool("s", port: 9001), type: type)
    #expect(forced.status == 200)
    #expect(forced.body["spec", "targetPorts"] == [["number": 9001]])
    // What its only owner no longer declares goes away.
    var without = Self.pool("s", port: 9001)
    without["metadata", "labels"] = ["a": "b"]
    _ = handler.send("PATCH", target + "two", without, type: type)
    let after = handler.send("PATCH", target + "two", Self.pool("s", port: 9001), type: type)
    #expect(after.body["metadata", "labels", "a"] == nil)
  }

  @Test func dryRunStoresNothing() {
    #expect(handler.send("POST", Self.pools + "?dryRun=All", Self.pool("a")).status == 201)
    #expect(handler.send("GET", Self.pools + "/a").status == 404)
  }

  @Test func customResourcesComeAndGoWithTheirDefinition() {
    _ = handler.send("POST", Self.pools, Self.pool("a"))
    let name = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/inferencepools.inference.networking.k8s.io"
    let conditions = handler.send("GET", name).body["status", "conditions"]?.arrayValue ?? []
    #expect(conditions.contains { $0["type"]?.stringValue == "Established" && $0["status"]?.stringValue == "True" })
    #expect(handler.send("DELETE", name).status == 200)
    #expect(handler.send("GET", Self.pools).status == 404)
  }
}
