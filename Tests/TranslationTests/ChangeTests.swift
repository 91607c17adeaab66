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

  @Test("when the GatewayClass goes, its Gateways are served on, also after a restart, until they go themselves")
  func gatewayClassGoes() throws {
    var state = try names.load().state
    let before = translate(state)
    write(before.statuses, into: &state)
    state.gatewayClasses = []
    let after = translate(state)
    #expect(after.table == before.table)
    #expect(after.statuses.routes == before.statuses.routes)
    #expect(after.statuses.inferencePools == before.statuses.inferencePools)
    let accepted = after.statuses.gateways.values.first?.conditions.first
    #expect(accepted?.status == "True")
    #expect(accepted?.message.contains("GatewayClass switchyard, which does not exist: create it") == true)
    // What is said now says it as well: the next pass, or another replica, comes to the same.
    write(after.statuses, into: &state)
    #expect(translate(state) == after)
    state.gateways = []
    expectNothingLeft(translate(state))
  }

  @Test("when a Gateway goes to another controller, neither traffic nor any status says that we serve it")
  func gatewayLeaves() throws {
    var state = try names.load().state
    write(translate(state).statuses, into: &state)
    let foreign = GatewayClass(
      metadata: ObjectMeta(name: "foreign"), spec: GatewayClassSpec(controllerName: "example.com/gateway"))
    var renamed = state
    renamed.gatewayClasses.append(foreign)
    renamed.gateways[0].spec.gatewayClassName = "foreign"
    var replaced = state
    replaced.gatewayClasses[0].spec.controllerName = "example.com/gateway"
    for var changed in [renamed, replaced] {
      #expect(changed.servedGateways.isEmpty)
      let result = translate(changed)
      expectNothingLeft(result, butGateways: true)
      let taken = result.statuses.gateways[changed.gateways[0].key]
      #expect(taken?.conditions.map(\.status) == ["Unknown", "Unknown"])
      #expect(taken?.conditions.allSatisfy { $0.message.contains("controller example.com/gateway") } == true)
      #expect(taken?.addresses == [] && taken?.listeners == [])
      // Said once: from then on the status is the other controller's alone.
      write(result.statuses, into: &changed)
      expectNothingLeft(translate(changed))
    }
  }

  @Test("when the Gateway of a ListenerSet goes, its status says so once, and is nobody's then")
  func gatewayOfListenerSetGoes() throws {
    var state = try GoldenCase(name: "listener-sets-allowed").load().state
    let before = translate(state)
    write(before.statuses, into: &state)
    #expect(translate(state) == before)
    state.gateways = []
    let after = translate(state).statuses.listenerSets
    #expect(Set(after.keys) == Set(before.statuses.listenerSets.keys) && !after.isEmpty)
    for status in after.values {
      #expect(status.conditions.map(\.status) == ["Unknown", "Unknown"] && status.listeners.isEmpty)
    }
    write(translate(state).statuses, into: &state)
    #expect(translate(state).statuses.listenerSets.isEmpty)
  }

  @Test("a Secret that a ListenerSet names is asked for only while its Gateway lets it in, and a grant allows it")
  func secretsOfListenerSets() throws {
    var state = try GoldenCase(name: "listener-sets-certificates").load().state
    func wanted(_ namespace: String) -> Bool {
      state.certificateReferences.secrets.contains(ObjectKey(namespace: namespace, name: "shop"))
    }
    #expect(wanted("default") && wanted("team-a") && wanted("vault") && !wanted("safe"))
    state.gateways[0].spec.allowedListeners = nil
    #expect(wanted("default") && !wanted("team-a") && !wanted("vault"))
  }

  @Test("a Gateway that we refuse stays ours while its class is gone, and is served once it is mended")
  func refusedWithoutClass() throws {
    var state = try names.load().state
    state.gatewayClasses = []
    write(translate(try names.load().state).statuses, into: &state)
    let good = state.gateways[0].spec.listeners
    state.gateways[0].spec.listeners[0].protocol = "UDP"
    let refused = translate(state)
    #expect(refused.statuses.gateways.values.first?.conditions.first?.status == "False")
    write(refused.statuses, into: &state)
    state.gateways[0].spec.listeners = good
    let mended = translate(state)
    #expect(mended.statuses.gateways.values.first?.conditions.first?.status == "True")
    #expect(!mended.table.listeners.isEmpty)
  }

  @Test("a Gateway that we refused is taken back from when it goes to another controller")
  func refusedLeaves() throws {
    var state = try names.load().state
    state.gateways[0].spec.listeners[0].protocol = "UDP"
    write(translate(state).statuses, into: &state)
    state.gatewayClasses[0].spec.controllerName = "example.com/gateway"
    let result = translate(state)
    #expect(result.statuses.gateways.values.first?.conditions.map(\.status) == ["Unknown", "Unknown"])
    #expect(result.statuses.leftGateways == [state.gateways[0].key])
  }

  private func expectNothingLeft(_ result: TranslationResult, butGateways: Bool = false) {
    #expect(result.table.listeners.isEmpty && result.table.pools.isEmpty)
    #expect(butGateways || result.statuses.gateways.isEmpty)
    #expect(result.statuses.routes.values.flatMap(\.values).allSatisfy { $0.isEmpty })
    #expect(result.statuses.inferencePools.values.allSatisfy { $0.isEmpty })
  }

  /// What the status writer does, as far as the next translation looks at it.
  private func write(_ report: StatusReport, into state: inout ClusterState) {
    for index in state.gateways.indices {
      if let status = report.gateways[state.gateways[index].key] { state.gateways[index].status = status }
    }
    for index in state.listenerSets.indices {
      if let status = report.listenerSets[state.listenerSets[index].key] { state.listenerSets[index].status = status }
    }
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
    let conditions = translate(state).statuses.routes[.http]?[state.httpRoutes[0].key]?.first?.conditions ?? []
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
    #expect(translate(state).statuses.routes[.http]?[state.httpRoutes[0].key]?.count == 32)
  }

  private func reason(of model: ObjectKey, in state: ClusterState) -> String? {
    translate(state).statuses.plain[InferenceModel.type]?[model]?.first?.reason
  }
}
