import JSONText
import KubernetesAPI
import Testing

@testable import ControlPlane

@Suite("The patches that statuses are written with")
struct StatusPatchTests {
  private func route(_ parents: [RouteParentStatus]?) -> HTTPRoute {
    HTTPRoute(
      metadata: ObjectMeta(name: "llm", namespace: "default", resourceVersion: "7"), spec: HTTPRouteSpec(),
      status: parents.map { RouteStatus(parents: $0) })
  }

  private let entry = RouteParentStatus(parentRef: ParentReference(name: "gw"), controllerName: "example.com/c")

  @Test("equal statuses need no patch")
  func equal() throws {
    #expect(try StatusPatch.make(from: route([entry]), to: route([entry])) == nil)
  }

  @Test("a patch carries the version that was read, so that a later write of somebody else is not undone")
  func version() throws {
    let patch = try StatusPatch.make(from: route(nil), to: route([entry]))
    #expect(patch?["metadata"] == ["resourceVersion": "7"])
    #expect(patch?["status"]?["parents"]?[0]?["controllerName"] == "example.com/c")
    #expect(patch?["spec"] == nil)
  }

  @Test("a list that becomes empty is written as an empty list: the schema of HTTPRoute requires it")
  func emptyList() throws {
    let patch = try StatusPatch.make(from: route([entry]), to: route([]))
    #expect(patch?["status"] == ["parents": []])
  }

  @Test("a listener without supported kinds says so")
  func supportedKinds() throws {
    let gateway = Gateway(metadata: ObjectMeta(name: "gw"), spec: GatewaySpec(gatewayClassName: "c"))
    var wished = gateway
    wished.status = GatewayStatus(listeners: [ListenerStatus(name: "tls")])
    let patch = try StatusPatch.make(from: gateway, to: wished)
    #expect(patch?["status"]?["listeners"]?[0]?["supportedKinds"] == [])
  }

  @Test(
    "a merge patch holds just what differs",
    arguments: [
      (["a": 1], ["a": 1], nil),
      (["a": 1, "b": 2], ["a": 1, "b": 3], ["b": 3]),
      (["a": 1], ["b": 1], ["a": nil, "b": 1]),
      (["a": ["b": 1, "c": 2]], ["a": ["b": 1]], ["a": ["c": nil]]),
      (["a": [1, 2]], ["a": [1]], ["a": [1]]),
      (["a": [1]], [:], ["a": []]),
      (nil, ["a": 1], ["a": 1]),
    ] as [(JSONValue?, JSONValue, JSONValue?)])
  func difference(_ old: JSONValue?, _ new: JSONValue, _ patch: JSONValue?) {
    #expect(MergePatch.difference(from: old, to: new) == patch)
  }
}
