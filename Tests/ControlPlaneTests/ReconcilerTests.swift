import KubernetesAPI
import KubernetesClient
import Observability
import Routing
import TestSupport
import Testing
import Translation

@testable import ControlPlane

@Suite("The loop from stores to table", .timeLimit(.minutes(1)))
struct ReconcilerTests {
  private let watches: WatchSet
  private let table = Published(RoutingTable())
  private let registry = MetricsRegistry()
  private let reconciler: Reconciler

  init() throws {
    let logger = quietLogger
    let client = APIClient(
      configuration: ClientConfiguration(server: "http://memory"), transport: MemoryAPIServer(), logger: logger)
    watches = WatchSet(client: client, logger: logger)
    reconciler = Reconciler(
      watches: watches, table: table, writer: nil, instruments: ControlInstruments(registry: registry),
      logger: logger, configuration: .init(addresses: try AddressPolicy("127.20.0.1-127.20.0.254")))
  }

  private func syncAllButPods() {
    watches.gatewayClasses.apply(
      .replaceAll([
        GatewayClass(
          metadata: ObjectMeta(name: "switchyard"),
          spec: GatewayClassSpec(controllerName: ClusterState.defaultControllerName))
      ]))
    let listener = GatewayListener(name: "http", port: 80, protocol: "HTTP")
    watches.gateways.apply(
      .replaceAll([
        Gateway(
          metadata: ObjectMeta(name: "ours", namespace: "default"),
          spec: GatewaySpec(gatewayClassName: "switchyard", listeners: [listener])),
        Gateway(
          metadata: ObjectMeta(name: "theirs", namespace: "default"),
          spec: GatewaySpec(gatewayClassName: "other", listeners: [listener])),
      ]))
    watches.httpRoutes.apply(.replaceAll([]))
    watches.grpcRoutes.apply(.replaceAll([]))
    watches.tlsRoutes.apply(.replaceAll([]))
    watches.tcpRoutes.apply(.replaceAll([]))
    watches.udpRoutes.apply(.replaceAll([]))
    watches.listenerSets.apply(.replaceAll([]))
    watches.referenceGrants.apply(.replaceAll([]))
    watches.backendTLSPolicies.apply(.replaceAll([]))
    watches.inferencePools.apply(.replaceAll([]))
    watches.inferencePoolsV1Alpha2.apply(.replaceAll([]))
    watches.inferenceModels.apply(.replaceAll([]))
    watches.inferenceObjectives.apply(.replaceAll([]))
    watches.inferenceObjectivesXK8s.apply(.replaceAll([]))
    watches.inferenceModelRewrites.apply(.replaceAll([]))
    watches.inferenceModelRewritesXK8s.apply(.replaceAll([]))
    watches.services.apply(.replaceAll([]))
    watches.endpointSlices.apply(.replaceAll([]))
    watches.nodes.apply(.replaceAll([]))
    watches.namespaces.apply(
      .replaceAll([Namespace(metadata: ObjectMeta(name: "default"))]))
    for store in watches.adapterMaps { store.apply(.replaceAll([])) }
  }

  @Test("half a picture is never published: there is no table until the last kind is synced")
  func waitsForAll() {
    syncAllButPods()
    reconciler.pass()
    #expect(table.current == RoutingTable())
    #expect(!reconciler.isReady)
    #expect(reconciler.notReady == ["Pod (v1): the first full list has not come yet"])
    watches.pods.apply(.replaceAll([]))
    reconciler.pass()
    #expect(reconciler.isReady)
    #expect(reconciler.notReady == [])
  }

  @Test("what may not be read is a condition of the Gateway, and of a pool where it hangs on it; the rest is served")
  func refused() throws {
    syncAllButPods()
    watches.inferencePools.apply(
      .replaceAll([
        InferencePool(
          metadata: ObjectMeta(name: "llm", namespace: "default"),
          spec: InferencePoolSpec(selector: .init(matchLabels: ["app": "llm"]), targetPorts: [.init(number: 8000)]))
      ]))
    watches.httpRoutes.apply(
      .replaceAll([
        HTTPRoute(
          metadata: ObjectMeta(name: "llm", namespace: "default"),
          spec: HTTPRouteSpec(
            parentRefs: [ParentReference(name: "ours")],
            rules: [
              HTTPRouteRule(backendRefs: [
                HTTPBackendRef(group: "inference.networking.k8s.io", kind: "InferencePool", name: "llm")
              ])
            ]))
      ]))
    watches.problems.set(.forbidden(Status(message: "no")), .list, of: Pod.type, in: .all)
    reconciler.pass()
    #expect(reconciler.isReady)
    #expect(reconciler.notReady == [])
    #expect(table.current.listeners.count == 1)
    let statuses = try #require(reconciler.statuses)
    let gateway = statuses.gateways[ObjectKey(namespace: "default", name: "ours")]
    let condition = try #require(gateway?.conditions.first { $0.type == "InputsReadable" })
    #expect(condition.status == "False")
    #expect(condition.reason == "Forbidden")
    #expect(
      condition.message.contains("cannot list pods: forbidden: no; allow this account the verbs list and watch on pods")
    )
    let pool = statuses.inferencePools[ObjectKey(namespace: "default", name: "llm")]?.first
    for type in ["EndpointsReady", "AcceleratorsFound"] {
      let condition = pool?.conditions.first { $0.type == type }
      #expect(condition?.status == "Unknown")
      #expect(condition?.reason == "PodsUnreadable")
    }
    watches.pods.apply(.replaceAll([]))
    watches.problems.set(nil, .list, of: Pod.type, in: .all)
    reconciler.pass()
    let mended = reconciler.statuses?.gateways[ObjectKey(namespace: "default", name: "ours")]
    #expect(mended?.conditions.contains { $0.type == "InputsReadable" } == false)
  }

  @Test("an object whose newest state does not decode is served as it was, and its Gateway says so")
  func undecodable() throws {
    syncAllButPods()
    watches.pods.apply(.replaceAll([]))
    let gateway = ObjectKey(namespace: "default", name: "ours")
    watches.gateways.apply(.mark(UndecodableObject(type: Gateway.type, key: gateway, reason: "spec: no")))
    reconciler.pass()
    #expect(table.current.listeners.map(\.gateway.name) == ["ours"])
    let condition = reconciler.statuses?.gateways[gateway]?.conditions.first { $0.type == "InputsReadable" }
    #expect(condition?.reason == "ObjectUndecodable")
    #expect(condition?.message == "Gateway default/ours does not decode and stays as it was before: spec: no")
    #expect(watches.degradations == ["Gateway default/ours does not decode: spec: no"])
  }

  @Test("the way from a change to traffic is timed for passes that change the table, not for the first")
  func changeToTraffic() {
    let count = "switchyard_change_to_traffic_seconds_count "
    syncAllButPods()
    watches.pods.apply(.replaceAll([]))
    #expect(!registry.render().contains("\nswitchyard_last_translation_timestamp_seconds "))
    reconciler.pass()
    #expect(registry.render().contains("\n" + count + "0\n"))
    #expect(registry.render().contains("\nswitchyard_last_translation_timestamp_seconds "))
    watches.namespaces.apply(.replaceAll([Namespace(metadata: ObjectMeta(name: "other"))]))
    reconciler.pass()
    #expect(registry.render().contains("\n" + count + "0\n"), "the table is what it was")
    watches.gateways.apply(.replaceAll([]))
    reconciler.pass()
    #expect(registry.render().contains("\n" + count + "1\n"))
  }

  @Test("the conditions of the last pass are told, what is not well first")
  func conditions() {
    syncAllButPods()
    watches.pods.apply(.replaceAll([]))
    #expect(reconciler.statuses == nil)
    reconciler.pass()
    let samples = reconciler.statuses?.conditionSamples() ?? []
    #expect(samples.contains(["Gateway", "default", "ours", "Accepted", "True"]))
    #expect(samples.contains(["Listener", "default", "ours/http", "Programmed", "True"]))
    #expect(samples.contains(["GatewayClass", "", "switchyard", "Accepted", "True"]))
    #expect(!samples.contains { $0[2] == "theirs" })
    let wells = samples.map { $0[4] == "True" }
    #expect(wells == wells.sorted { !$0 && $1 })
    #expect(reconciler.statuses?.conditionSamples(limit: 2) == Array(samples.prefix(2)))
  }

  @Test("Gateways of our classes get their addresses, those of others none")
  func addresses() {
    syncAllButPods()
    watches.pods.apply(.replaceAll([]))
    reconciler.pass()
    #expect(table.current.listeners.map(\.gateway.name) == ["ours"])
    #expect(table.current.listeners.map(\.addresses) == [["127.20.0.1"]])
  }

  @Test("a Gateway whose class is refused holds no address back from others")
  func refusedClass() throws {
    func gatewayClass(_ name: String, _ parameters: ParametersReference? = nil) -> GatewayClass {
      GatewayClass(
        metadata: ObjectMeta(name: name),
        spec: GatewayClassSpec(controllerName: ClusterState.defaultControllerName, parametersRef: parameters))
    }
    func gateway(_ name: String, _ className: String) -> Gateway {
      Gateway(
        metadata: ObjectMeta(name: name, namespace: "default"), spec: GatewaySpec(gatewayClassName: className))
    }
    let state = ReconcilerState(configuration: .init(addresses: try AddressPolicy("127.20.0.1-127.20.0.1")))
    let refused = gatewayClass("refused", ParametersReference(group: "", kind: "ConfigMap", name: "x"))
    let cluster = ClusterState(
      gatewayClasses: [gatewayClass("good"), refused], gateways: [gateway("a", "refused"), gateway("b", "good")])
    #expect(
      state.complete(cluster).gatewayAddresses == [ObjectKey(namespace: "default", name: "b"): ["127.20.0.1"]])
  }

  @Test("a socket that cannot be opened leads to a new pass, the same news again does not")
  func bindings() async {
    var rings = watches.signal.rings().makeAsyncIterator()
    let failure = [ListenerSocket(address: "127.20.0.1", port: 80): "the port is in use"]
    reconciler.bindingsChanged(failure)
    #expect(await rings.next() != nil)
    let state = ReconcilerState(configuration: .init())
    #expect(state.setFailures(failure))
    #expect(!state.setFailures(failure))
    #expect(state.complete(ClusterState()).listenerFailures == failure)
    #expect(state.setFailures([:]))
  }
}
