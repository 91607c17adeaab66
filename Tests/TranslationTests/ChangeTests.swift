import KubernetesAPI
import Routing
import Testing
import Translation

/// What changes when something comes or goes. The result depends on nothing but the objects, so a change is two calls.
@Suite("Objects come and go")
struct ChangeTests {
  private let names = GoldenCase(name: "model-names")

  @Test("when the InferenceModel that has a name goes, the next oldest gets it")
  func promotion() throws {
    var state = try names.load().state
    let younger = ObjectKey(namespace: "default", name: "younger")
    #expect(reason(of: younger, in: state) == "ModelNameInUse")
    state.inferenceModels.removeAll { $0.metadata.name == "older" }
    #expect(reason(of: younger, in: state) == "Accepted")
  }

  @Test("when the last route goes, the pool keeps an empty list, so that its entries are removed")
  func lastRoute() throws {
    var state = try names.load().state
    state.httpRoutes = []
    let result = translate(state)
    #expect(result.statuses.inferencePools[ObjectKey(namespace: "default", name: "gemma3")] == [])
    #expect(result.table.pools.isEmpty)
  }

  @Test("when the GatewayClass goes, its Gateways and all that was said for them go")
  func gatewayClass() throws {
    var state = try names.load().state
    state.gatewayClasses = []
    let result = translate(state)
    #expect(result.statuses.gateways.isEmpty)
    #expect(result.table.listeners.isEmpty)
    #expect(result.statuses.httpRoutes.values.allSatisfy { $0.isEmpty })
  }

  @Test("an empty cluster gives an empty table and nothing to say")
  func emptyCluster() {
    let result = translate(ClusterState())
    #expect(result.table.listeners.isEmpty && result.table.pools.isEmpty)
    #expect(result.statuses == StatusReport())
  }

  @Test("a message never grows beyond what the API takes, whatever a route gets wrong")
  func boundedMessage() throws {
    var state = try names.load().state
    let wrong = HTTPBackendRef(kind: String(repeating: "Wrong", count: 100), name: "x")
    state.httpRoutes[0].spec.rules = Array(repeating: HTTPRouteRule(backendRefs: [wrong]), count: 200)
    let conditions = translate(state).statuses.httpRoutes[state.httpRoutes[0].key]?.first?.conditions ?? []
    #expect(conditions.map(\.reason) == ["Accepted", "InvalidKind"])
    #expect(conditions.allSatisfy { $0.message.unicodeScalars.count < 32_768 })
  }

  @Test("of more Gateways than a status takes, the first by name are reported, always the same ones")
  func parentsAreCapped() throws {
    var state = try names.load().state
    let gateway = state.gateways[0]
    for number in 10..<60 {
      var copy = gateway
      copy.metadata.name = "gateway-\(number)"
      state.gateways.append(copy)
      state.httpRoutes[0].spec.parentRefs.append(ParentReference(name: copy.metadata.name))
    }
    let parents = translate(state).statuses.inferencePools[ObjectKey(namespace: "default", name: "gemma3")] ?? []
    #expect(parents.map(\.parentRef.name) == (10..<42).map { "gateway-\($0)" })
    #expect(translate(state).statuses.httpRoutes[state.httpRoutes[0].key]?.count == 32)
  }

  private func reason(of model: ObjectKey, in state: ClusterState) -> String? {
    translate(state).statuses.inferenceModels[model]?.first?.reason
  }
}
