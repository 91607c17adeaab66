import KubernetesAPI
import Testing
import Translation

@testable import Playground

/// Which model servers `switchyard up` runs, and that edits do not disturb those that run.
struct FleetTests {
  static let plan = FleetPlan(replicas: 2, network: "127.10", ownServers: [:])

  static func pool(_ name: String) -> InferencePool {
    InferencePool(
      metadata: ObjectMeta(name: name, namespace: "default"),
      spec: InferencePoolSpec(
        selector: PoolSelector(matchLabels: ["app": name]), targetPorts: [PoolPort(number: 8000)]))
  }

  static func model(_ name: String, of pool: String) -> InferenceModel {
    InferenceModel(
      metadata: ObjectMeta(name: name, namespace: "default"),
      spec: InferenceModelSpec(modelName: name, poolRef: PoolObjectReference(name: pool)))
  }

  @Test func aPoolThatComesOrGoesLeavesTheOthersServersAlone() {
    var numbers = PoolNumbers()
    func identities(_ names: [String]) -> [String: [FleetMember.Identity]] {
      let state = ClusterState(inferencePools: names.map(Self.pool))
      let members = Self.plan.members(of: state, numbers: &numbers)
      return Dictionary(grouping: members, by: \.pool.name).mapValues { $0.map(\.identity) }
    }
    let first = identities(["m", "z"])
    #expect(first["m"]?.count == 2)
    let second = identities(["a", "m", "z"])
    #expect(second["m"] == first["m"] && second["z"] == first["z"])
    let third = identities(["b", "z"])
    #expect(third["z"] == first["z"])
    // Every server has an address of its own all the same.
    let members = Self.plan.members(
      of: ClusterState(inferencePools: ["b", "c", "z"].map(Self.pool)), numbers: &numbers)
    #expect(Set(members.map(\.address)).count == members.count)
  }

  @Test func aNewModelNameIsTheSameServer() {
    let pools = [Self.pool("gemma3")]
    let one = Self.plan.members(
      of: ClusterState(inferencePools: pools, inferenceModels: [Self.model("a", of: "gemma3")]))
    let two = Self.plan.members(
      of: ClusterState(
        inferencePools: pools, inferenceModels: [Self.model("a", of: "gemma3"), Self.model("b", of: "gemma3")]))
    #expect(one.map(\.identity) == two.map(\.identity))
    #expect(one[0].models == ["a"] && two[0].models == ["a", "b"])
  }

  @Test func aRouteByBaseModelBringsTheAdaptersThatAreKnown() {
    let match = HTTPRouteMatch(headers: [HTTPValueMatch(name: "X-Gateway-Base-Model-Name", value: "llama")])
    let route = HTTPRoute(
      metadata: ObjectMeta(name: "r", namespace: "default"),
      spec: HTTPRouteSpec(
        rules: [HTTPRouteRule(matches: [match], backendRefs: [HTTPBackendRef(kind: "InferencePool", name: "gemma3")])]))
    func map(_ base: String, _ adapters: String) -> ConfigMap {
      ConfigMap(
        metadata: ObjectMeta(name: base, namespace: "default", labels: ["inference.llm-d.ai/ipp-managed": "true"]),
        data: ["baseModel": base, "adapters": adapters])
    }
    let maps = [map("llama", "[sql, chat]"), map("qwen", "[other]"), map("broken", "no list")]
    let members = Self.plan.members(
      of: ClusterState(httpRoutes: [route], inferencePools: [Self.pool("gemma3")], configMaps: maps))
    #expect(members[0].models == ["chat", "llama", "sql"])
  }

  @Test func morePoolsThanNumbersGetNoServers() {
    var numbers = PoolNumbers()
    let keys = (0..<300).map { ObjectKey(namespace: "default", name: "pool-\($0)") }
    #expect(numbers.assign(keys).count == 254)
  }

  @Test func aServerOfOnesOwnStandsInForSimulatedOnes() throws {
    var plan = Self.plan
    plan.ownServers = ["gemma3": [try #require(OwnServer(argument: "gemma3=127.0.0.1:9000"))]]
    let members = plan.members(of: ClusterState(inferencePools: [Self.pool("gemma3")]))
    #expect(members.map(\.address) == ["127.0.0.1"] && members.map(\.ports) == [[9000]])
    #expect(plan.unusedServers(in: ClusterState()).count == 1)
  }

  @Test(arguments: [
    ("gemma3=127.0.0.1:8000", "127.0.0.1"), ("gemma3=localhost:8000", "127.0.0.1"), ("gemma3=[::1]:8000", "::1"),
    ("gemma3", nil), ("gemma3=127.0.0.1", nil), ("gemma3=host.name:80", nil), ("=127.0.0.1:80", nil),
    ("gemma3=127.0.0.1:0", nil), ("gemma3=::1:80", nil), ("gemma3=[::1:80", nil),
  ])
  func anEndpointIsAnAddress(argument: String, address: String?) {
    #expect(OwnServer(argument: argument)?.address == address)
  }
}
