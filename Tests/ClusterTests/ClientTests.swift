import JSONText
import KubernetesAPI
import KubernetesClient
import Testing

extension ClusterTests {
  /// What our client says, and what it is told.
  @Suite(.serialized) struct ClientTests {
    let cluster: Cluster
    var client: APIClient { cluster.client }
    var pools: String { Kinds.path(InferencePool.type, namespace: cluster.namespace) }

    init() throws { cluster = try .tested() }

    static let spec: JSONValue = [
      "selector": ["matchLabels": ["app": "x"]], "targetPorts": [["number": 8000]],
      "endpointPickerRef": ["name": "epp", "port": ["number": 9002]],
    ]

    func pool(_ name: String, labels: JSONValue = [:], spec: JSONValue = spec) -> JSONValue {
      [
        "apiVersion": "inference.networking.k8s.io/v1", "kind": "InferencePool",
        "metadata": ["name": .string(name), "labels": labels], "spec": spec,
      ]
    }

    func map(_ name: String, labels: [String: String] = [:], data: [String: String] = [:]) -> ConfigMap {
      ConfigMap(metadata: ObjectMeta(name: name, namespace: cluster.namespace, labels: labels), data: data)
    }

    @Test func aListComesInPagesAndLosesNothing() async throws {
      for index in 0..<7 { _ = try await client.create(map("page-\(index)", labels: ["test": "page"])) }
      let first = try await cluster.send(
        "GET", Kinds.path(ConfigMap.type, namespace: cluster.namespace),
        query: [("limit", "3"), ("labelSelector", "test=page")])
      #expect(first.body["items"]?.arrayValue?.count == 3)
      #expect(first.body["metadata"]?["continue"]?.stringValue?.isEmpty == false)
      let all = try await client.list(
        ConfigMap.self, namespace: cluster.namespace, labelSelector: "test=page", pageSize: 3)
      #expect(all.items.map(\.metadata.name) == (0..<7).map { "page-\($0)" })
    }

    @Test func aBrokenContinueTokenIsABadRequest() async throws {
      let answer = try await cluster.send("GET", pools, query: [("limit", "1"), ("continue", "nonsense")])
      #expect(answer.status == 400)
      #expect(answer.reason == "BadRequest")
    }

    @Test func anObjectLivesFromCreateToDelete() async throws {
      let created = try await client.create(map("life", data: ["a": "1"]))
      #expect(created.metadata.uid?.isEmpty == false)
      let refused1 = try await refusal { _ = try await client.create(map("life")) }
      #expect(refused1 == "AlreadyExists")
      var next = created
      next.data["a"] = "2"
      let replaced = try await client.replace(next)
      #expect(replaced.data == ["a": "2"])
      #expect(replaced.metadata.resourceVersion != created.metadata.resourceVersion)
      let refused2 = try await refusal { _ = try await client.replace(created) }
      #expect(refused2 == "Conflict")
      try await client.delete(ConfigMap.self, name: "life", namespace: cluster.namespace)
      let refused3 = try await refusal {
        _ = try await client.get(ConfigMap.self, name: "life", namespace: cluster.namespace)
      }
      #expect(refused3 == "NotFound")
    }

    @Test func aWriteThatChangesNothingKeepsTheVersion() async throws {
      let created = try await client.create(map("still", data: ["a": "1"]))
      let again = try await client.replace(created)
      #expect(again.metadata.resourceVersion == created.metadata.resourceVersion)
    }

    @Test func patchesMergeAndTest() async throws {
      _ = try await client.create(map("patched", data: ["a": "1", "b": "2"]))
      let merged = try await client.patch(
        ConfigMap.self, name: "patched", namespace: cluster.namespace, patch: .merge(["data": ["a": nil, "c": "3"]]))
      #expect(merged.data == ["b": "2", "c": "3"])
      let patch: Patch = .json([
        ["op": "test", "path": "/data/b", "value": "2"], ["op": "replace", "path": "/data/b", "value": "9"],
      ])
      let changed = try await client.patch(
        ConfigMap.self, name: "patched", namespace: cluster.namespace, patch: patch)
      #expect(changed.data["b"] == "9")
      let refused4 = try await refusal {
        _ = try await client.patch(ConfigMap.self, name: "patched", namespace: cluster.namespace, patch: patch)
      }
      #expect(refused4 == "Invalid")
    }

    @Test func twoWritersOfOneFieldMeetInAConflict() async throws {
      let one = map("shared", data: ["a": "1"])
      _ = try await client.apply(one, fieldManager: "one")
      let two = map("shared", data: ["a": "2"])
      let refused5 = try await refusal { _ = try await client.apply(two, fieldManager: "two") }
      #expect(refused5 == "Conflict")
      let forced = try await client.apply(two, fieldManager: "two", force: true)
      #expect(forced.data == ["a": "2"])
    }

    @Test func theStatusIsWrittenApart() async throws {
      let created = try await cluster.send("POST", pools, body: pool("apart"))
      #expect(created.status == 201, "\(created.message)")
      var both = created.body
      both["status"] = ["parents": []]
      let put = try await cluster.send("PUT", "\(pools)/apart", body: both)
      #expect(put.body["status"] == nil)
      let parent: JSONValue = ["parentRef": ["name": "gateway"], "conditions": []]
      let patched = try await cluster.send(
        "PATCH", "\(pools)/apart/status", body: ["status": ["parents": [parent]], "spec": ["appProtocol": "http"]],
        type: "application/merge-patch+json")
      #expect(patched.status == 200, "\(patched.message)")
      #expect(patched.body["status"]?["parents"]?[0]?["parentRef"]?["name"] == "gateway")
      #expect(patched.body["metadata"]?["generation"] == 1)
    }

    @Test func aDeletionCanAskForOneVersionOnly() async throws {
      _ = try await client.create(map("precise"))
      let refused6 = try await refusal {
        try await client.delete(
          ConfigMap.self, name: "precise", namespace: cluster.namespace, options: DeleteOptions(uid: "another"))
      }
      #expect(refused6 == "Conflict")
      try await client.delete(ConfigMap.self, name: "precise", namespace: cluster.namespace)
    }

    @Test func selectorsNarrowAList() async throws {
      for name in ["select-a", "select-b"] {
        let answer = try await cluster.send("POST", pools, body: pool(name, labels: ["tier": .string(name)]))
        #expect(answer.status == 201)
      }
      for query in [("labelSelector", "tier in (select-a)"), ("fieldSelector", "metadata.name=select-a")] {
        let list = try await cluster.send("GET", pools, query: [query])
        #expect(list.body["items"]?.arrayValue?.map { $0["metadata"]?["name"] } == ["select-a"])
      }
      let bad = try await cluster.send("GET", pools, query: [("fieldSelector", "spec.colour=red")])
      #expect(bad.status == 400)
    }

    @Test func aDryRunStoresNothing() async throws {
      let answer = try await cluster.send("POST", pools, query: [("dryRun", "All")], body: pool("dry"))
      #expect(answer.status == 201)
      #expect(try await cluster.send("GET", "\(pools)/dry").status == 404)
    }

    @Test func unknownFieldsWarnOrAreRefused() async throws {
      var spec = Self.spec
      spec["colour"] = "red"
      let warned = try await cluster.send(
        "POST", pools, query: [("fieldValidation", "Warn")], body: pool("warned", spec: spec))
      #expect(warned.status == 201)
      #expect(warned.warnings == [#"299 - "unknown field \"spec.colour\"""#])
      let refused = try await cluster.send(
        "POST", pools, query: [("fieldValidation", "Strict")], body: pool("refused", spec: spec))
      #expect(refused.status == 400)
      #expect(refused.message.hasSuffix(#"strict decoding error: unknown field "spec.colour""#))
    }

    @Test func aRefusalNamesFieldAndReason() async throws {
      let missing = try await cluster.send("POST", pools, body: pool("bad", spec: [:]))
      #expect(missing.status == 422)
      #expect(missing.reason == "Invalid")
      #expect(missing.causes.contains("spec.selector") && missing.causes.contains("spec.targetPorts"))
      var unknown = Self.spec
      unknown["appProtocol"] = "grpc"
      let enumerated = try await cluster.send("POST", pools, body: pool("bad", spec: unknown))
      #expect(enumerated.message.contains(#"spec.appProtocol: Unsupported value: "grpc": supported values: "http", "#))
      var twice = Self.spec
      twice["targetPorts"] = [["number": 80], ["number": 80]]
      let rule = try await cluster.send("POST", pools, body: pool("bad", spec: twice))
      #expect(rule.status == 422)
      #expect(rule.message.contains("spec.targetPorts: Invalid value:"))
      #expect(rule.message.contains("unique"))
    }

    /// The reason in the server's refusal; `nil` if nothing was refused.
    func refusal(_ request: () async throws -> Void) async throws -> String? {
      do {
        try await request()
        return nil
      } catch let error as APIError {
        return error.status?.reason
      }
    }
  }
}
