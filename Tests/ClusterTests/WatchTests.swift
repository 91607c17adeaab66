import JSONText
import KubernetesAPI
import KubernetesClient
import TestSupport
import Testing

extension ClusterTests {
  /// A watch tells everything that happens, once, in order.
  @Suite(.serialized) struct WatchTests {
    let cluster: Cluster
    var client: APIClient { cluster.client }

    init() throws { cluster = try .tested() }

    func map(_ name: String, _ test: String, _ value: String = "") -> ConfigMap {
      ConfigMap(
        metadata: ObjectMeta(name: name, namespace: cluster.namespace, labels: ["test": test]), data: ["v": value])
    }

    func scope(_ test: String) -> WatchScope {
      WatchScope(namespace: cluster.namespace, labelSelector: "test=\(test)")
    }

    func version() async throws -> String {
      try await client.list(ConfigMap.self, namespace: cluster.namespace).metadata.resourceVersion ?? ""
    }

    /// The first `count` changes of a watch, in words.
    func changes(_ count: Int, of test: String, from version: String) async throws -> [String] {
      var lines: [String] = []
      let events = try await client.watch(ConfigMap.self, in: scope(test), from: version, timeoutSeconds: 20)
      for try await event in events {
        switch event {
        case .added(let map), .modified(let map): lines.append("\(map.metadata.name)=\(map.data["v"] ?? "")")
        case .delete(let map): lines.append("\(map.metadata.name) gone")
        case .bookmark: continue
        case .failure(let error): throw error
        case .undecodable(let object, _), .deleteUndecodable(let object, _):
          lines.append("undecodable \(object.reason)")
        }
        if lines.count == count { break }
      }
      return lines
    }

    @Test func whatHappensAfterTheListIsTold() async throws {
      let start = try await version()
      var map = try await client.create(map("told", "told", "1"))
      map.data["v"] = "2"
      _ = try await client.replace(map)
      try await client.delete(ConfigMap.self, name: "told", namespace: cluster.namespace)
      #expect(try await changes(3, of: "told", from: start) == ["told=1", "told=2", "told gone"])
    }

    @Test func aReaderWhoComesBackMissesNothing() async throws {
      let start = try await version()
      let first = try await client.create(map("resume-1", "resume"))
      #expect(try await changes(1, of: "resume", from: start) == ["resume-1="])
      _ = try await client.create(map("resume-2", "resume"))
      let resumePoint = try #require(first.metadata.resourceVersion)
      #expect(try await changes(1, of: "resume", from: resumePoint) == ["resume-2="])
    }

    @Test func anObjectThatLeavesTheSelectionIsGone() async throws {
      let start = try await version()
      var map = try await client.create(map("leaves", "leaves"))
      map.metadata.labels["test"] = "elsewhere"
      _ = try await client.replace(map)
      #expect(try await changes(2, of: "leaves", from: start) == ["leaves=", "leaves gone"])
    }

    /// A server that still has the history tells it, one that has not says "expired"; neither leaves a gap in silence.
    @Test func aReaderFromTheBeginningIsToldAllOrSentAway() async throws {
      _ = try await client.create(map("ancient", "ancient", "1"))
      do {
        #expect(try await changes(1, of: "ancient", from: "1") == ["ancient=1"])
      } catch APIError.expired(let status) {
        #expect(status.code == 410)
        #expect(status.reason == "Expired" || status.reason == "Gone")
      }
    }

    @Test func aQuietWatchEndsWithItsTimeAndABookmarkMovesForward() async throws {
      let start = try await version()
      _ = try await client.create(map("unseen", "elsewhere"))
      let events = try await client.watch(ConfigMap.self, in: scope("quiet"), from: start, timeoutSeconds: 1)
      for try await event in events {
        guard case .bookmark(let version) = event else {
          Issue.record("nothing else happened in this scope: \(event)")
          continue
        }
        let (now, before) = (UInt64(version) ?? 0, UInt64(start) ?? 0)
        #expect(now >= before)
      }
    }

    @Test func aWatchEndsWithItsDefinition() async throws {
      let group = "\(cluster.run).test.switchyard.dev"
      let definition = "\(Definitions.path)/things.\(group)"
      let made = try await cluster.send("POST", Definitions.path, body: Self.definition(group))
      #expect(made.status == 201, "\(made.message)")
      let things = "/apis/\(group)/v1/things"
      try await eventually("the kind is served") {
        try await client.answer(to: APIRequest(method: "GET", path: things)).status == 200
      }
      let query = [APIRequest.QueryItem("watch", "true"), APIRequest.QueryItem("timeoutSeconds", "600")]
      let recorder = RequestRecorder(base: cluster.transport)
      let watcher = APIClient(configuration: client.configuration, transport: recorder, logger: cluster.logger)
      // The client gives a request that goes on for a minute up.
      async let watched = watcher.answer(to: APIRequest(method: "GET", path: things, query: query))
      try await eventually("the watch is open") { recorder.answers == 1 }
      #expect(try await cluster.send("DELETE", definition).status == 200)
      #expect(try await watched.status == 200)
    }

    static func definition(_ group: String) -> JSONValue {
      [
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": ["name": .string("things.\(group)")],
        "spec": [
          "group": .string(group), "scope": "Cluster", "names": ["plural": "things", "kind": "Thing"],
          "versions": [
            ["name": "v1", "served": true, "storage": true, "schema": ["openAPIV3Schema": ["type": "object"]]]
          ],
        ],
      ]
    }

    @Test func aLargeObjectComesWhole() async throws {
      let start = try await version()
      let text = String(repeating: "0123456789", count: 100_000)
      _ = try await client.create(map("large", "large", text))
      let lines = try await changes(1, of: "large", from: start)
      #expect(lines == ["large=\(text)"])
    }

    @Test func aStoreFollowsFiftyChangesAndEndsEqual() async throws {
      let store = Store<ConfigMap>()
      let watcher = Watcher(client: client, store: store, scope: scope("follow"), logger: cluster.logger)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await watcher.run() }
        try await eventually("the store is synced") { store.isSynced }
        for index in 0..<50 { try await change(index) }
        let list = try await client.list(ConfigMap.self, namespace: cluster.namespace, labelSelector: "test=follow")
        let wanted = Dictionary(uniqueKeysWithValues: list.items.map { ($0.key, $0) })
        #expect(wanted.count == 9)
        try await eventually("the store equals the list") { store.snapshot == wanted }
        group.cancelAll()
      }
    }

    /// Ten objects are made, then changed again and again; one goes at the end.
    private func change(_ index: Int) async throws {
      let name = "follow-\(index % 10)"
      guard index < 49 else {
        return try await client.delete(ConfigMap.self, name: name, namespace: cluster.namespace)
      }
      _ = try await client.apply(map(name, "follow", "\(index)"), fieldManager: "cluster-tests", force: true)
    }
  }
}
