import Foundation
import JSONText
import KubernetesAPI
import KubernetesSchema
import Testing

@testable import LocalCluster

@Suite struct StorageTests {
  let resource = ResourceName(group: "", plural: "configmaps")

  static func object(_ name: String, _ labels: JSONValue = [:]) -> JSONValue {
    [
      "apiVersion": "v1", "kind": "ConfigMap",
      "metadata": ["name": .string(name), "namespace": "default", "labels": labels],
    ]
  }

  func plan(_ start: WatchPlan.Start, labels: String = "") throws -> WatchPlan {
    let kind = try #require(BuiltInKinds.all().first { $0.plural == "configmaps" })
    return WatchPlan(
      renderer: ObjectRenderer(kind: kind, shape: .object, query: [:], now: Date(timeIntervalSince1970: 0)),
      selection: Selection(
        namespace: "", labels: try LabelSelectorQuery(parsing: labels),
        fields: try FieldSelectorQuery(parsing: "", for: resource)),
      start: start, bookmarks: true, timeout: .seconds(1))
  }

  func types(_ session: inout WatchSession, _ store: ObjectStore) -> [String] {
    session.render(session.collect(store), now: Date(timeIntervalSince1970: 0)).events.compactMap {
      $0["type"]?.stringValue
    }
  }

  @Test func aWatchResumesAfterAVersion() throws {
    var store = ObjectStore()
    store.put(resource, "default/a", Self.object("a"))
    var session = WatchSession(try plan(.after(store.version)))
    #expect(types(&session, store) == [])
    store.put(resource, "default/b", Self.object("b"))
    store.put(resource, "default/a", Self.object("a", ["k": "v"]))
    store.remove(resource, "default/b")
    #expect(types(&session, store) == ["ADDED", "MODIFIED", "DELETED"])
    #expect(types(&session, store) == [])
  }

  @Test func initialEventsEndWithABookmark() throws {
    var store = ObjectStore()
    store.put(resource, "default/a", Self.object("a"))
    var session = WatchSession(try plan(.currentState(announceEnd: true)))
    #expect(types(&session, store) == ["ADDED", "BOOKMARK"])
  }

  @Test func selectorsTurnChangesIntoAdditionsAndDeletions() throws {
    var store = ObjectStore()
    store.put(resource, "default/a", Self.object("a"))
    var session = WatchSession(try plan(.after(store.version), labels: "k=v"))
    store.put(resource, "default/a", Self.object("a", ["k": "v"]))
    store.put(resource, "default/a", Self.object("a", ["k": "w"]))
    #expect(types(&session, store) == ["ADDED", "DELETED"])
  }

  @Test func aVersionThatLeftTheLogIsGone() throws {
    var store = ObjectStore(logLimit: 10)
    for number in 0..<50 { store.put(resource, "default/a", Self.object("a", ["n": .string("\(number)")])) }
    var session = WatchSession(try plan(.after(1)))
    let step = session.render(session.collect(store), now: Date(timeIntervalSince1970: 0))
    #expect(step.isFinished)
    #expect(step.events.first?["object", "code"] == 410)
  }

  @Test(arguments: [
    ("a=b", ["a": "b"], true), ("a=b", [:], false), ("a!=b", [:], true), ("a", ["a": ""], true), ("!a", [:], true),
    ("a in (b,c),d", ["a": "c", "d": "x"], true), ("a notin (b,c)", ["a": "b"], false), ("a==b", ["a": "b"], true),
  ])
  func labelSelectors(text: String, labels: [String: String], matches: Bool) throws {
    #expect(try LabelSelectorQuery(parsing: text).matches(labels) == matches)
  }

  @Test func unreadableSelectorsAreRefused() {
    #expect(throws: StatusError.self) { try LabelSelectorQuery(parsing: "a in b") }
    #expect(throws: StatusError.self) { try LabelSelectorQuery(parsing: "a b=c") }
  }
}
