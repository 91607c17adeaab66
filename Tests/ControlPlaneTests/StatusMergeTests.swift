import KubernetesAPI
import Testing

@testable import ControlPlane

@Suite("Joining wished statuses with live ones")
struct StatusMergeTests {
  private let then = Timestamp(rawValue: "2026-01-01T00:00:00Z")
  private let now = Timestamp(rawValue: "2026-02-02T00:00:00Z")

  private func condition(
    _ type: String, _ status: String, _ message: String = "", generation: Int64? = 1, at time: Timestamp? = nil
  ) -> Condition {
    Condition(
      type: type, status: status, reason: "R", message: message, observedGeneration: generation,
      lastTransitionTime: time)
  }

  @Test("a condition keeps its time while its status stays, whatever else changes; a flip sets it")
  func times() {
    let live = [condition("A", "True", "old", at: then), condition("B", "False", at: then)]
    let desired = [
      condition("A", "True", "new", generation: 2), condition("B", "True"), condition("C", "Unknown"),
    ]
    #expect(
      StatusMerge.conditions(live: live, desired: desired, now: now) == [
        condition("A", "True", "new", generation: 2, at: then), condition("B", "True", at: now),
        condition("C", "Unknown", at: now),
      ])
  }

  @Test("equal conditions in another order are no change")
  func order() {
    let live = [condition("A", "True", at: then), condition("B", "True", at: then)]
    let desired = [condition("B", "True"), condition("A", "True")]
    #expect(StatusMerge.conditions(live: live, desired: desired, now: now) == live)
  }

  @Test("types of other controllers stay in a shared list, ours that are no longer wished for go")
  func others() {
    let live = [condition("Conflicted", "True", at: then), condition("example.com/Audited", "True", at: then)]
    let merged = StatusMerge.conditions(live: live, desired: [condition("A", "True")], now: now)
    #expect(merged == [condition("example.com/Audited", "True", at: then), condition("A", "True", at: now)])
  }

  // MARK: parents of routes

  private let ours = "switchyard.dev/gateway-controller"

  private func entry(
    _ gateway: String, by controller: String, _ status: String = "True", at time: Timestamp? = nil,
    spelledOut: Bool = false
  ) -> RouteParentStatus {
    RouteParentStatus(
      parentRef: spelledOut
        ? ParentReference(group: "gateway.networking.k8s.io", kind: "Gateway", namespace: "default", name: gateway)
        : ParentReference(name: gateway),
      controllerName: controller, conditions: [condition("Accepted", status, at: time)])
  }

  @Test("what others say inside our entry stays, also when ours changes")
  func othersInOurEntry() {
    var live = entry("gw", by: ours, at: then)
    live.conditions.append(condition("example.com/Audited", "True", at: then))
    let route = HTTPRoute(
      metadata: ObjectMeta(name: "r", namespace: "default"), spec: HTTPRouteSpec(), status: RouteStatus(parents: [live])
    )
    let merged = StatusMerge.route(route, [entry("gw", by: ours, "False")], controllerName: ours, now: now)
    #expect(merged.status?.parents.first?.conditions.map(\.type) == ["Accepted", "example.com/Audited"])
    #expect(merged.status?.parents.first?.conditions.first?.status == "False")
  }

  @Test("entries of policies are joined as those of routes are, in a list of 16")
  func ancestors() {
    func entry(_ gateway: String, by controller: String, at time: Timestamp? = nil) -> PolicyAncestorStatus {
      PolicyAncestorStatus(
        ancestorRef: ParentReference(name: gateway), controllerName: controller,
        conditions: [condition("Accepted", "True", at: time)])
    }
    func merged(_ live: [PolicyAncestorStatus], _ desired: [PolicyAncestorStatus]) -> [PolicyAncestorStatus]? {
      let policy = BackendTLSPolicy(
        metadata: ObjectMeta(name: "tls", namespace: "default"),
        spec: BackendTLSPolicySpec(validation: BackendTLSValidation(hostname: "a.example")),
        status: PolicyStatus(ancestors: live))
      return StatusMerge.backendTLSPolicy(policy, desired, controllerName: ours, now: now).status?.ancestors
    }
    let other = entry("g", by: "example.com/other", at: then)
    #expect(
      merged([other, entry("old", by: ours, at: then)], [entry("g", by: ours)]) == [
        other, entry("g", by: ours, at: now),
      ])
    #expect(merged([other], (0..<20).map { entry("g\($0)", by: ours) })?.count == 16)
  }

  private func route(_ parents: [RouteParentStatus]?) -> HTTPRoute {
    HTTPRoute(
      metadata: ObjectMeta(name: "llm", namespace: "default", resourceVersion: "7"), spec: HTTPRouteSpec(),
      status: parents.map { RouteStatus(parents: $0) })
  }

  private func merged(_ live: [RouteParentStatus]?, _ desired: [RouteParentStatus]) -> [RouteParentStatus]? {
    StatusMerge.route(route(live), desired, controllerName: ours, now: now).status?.parents
  }

  @Test("entries of other controllers stay as they are, even for the same Gateway")
  func foreignEntries() {
    let foreign = entry("gw", by: "example.com/other", "False", at: then)
    #expect(merged([foreign], [entry("gw", by: ours)]) == [foreign, entry("gw", by: ours, at: now)])
    #expect(merged([entry("gw", by: ours, at: then), foreign], []) == [foreign])
  }

  @Test("our entry is replaced in place; one for a Gateway that is no longer a parent goes")
  func ownEntries() {
    let live = [entry("old", by: ours, at: then), entry("gw", by: ours, "False", at: then)]
    #expect(
      merged(live, [entry("gw", by: ours), entry("new", by: ours)]) == [
        entry("gw", by: ours, at: now), entry("new", by: ours, at: now),
      ])
  }

  @Test("of more entries than the API takes, those of others stay and ours are cut at the end")
  func fullList() {
    let theirs = (0..<30).map { entry("their-\($0)", by: "example.com/other", at: then) }
    let wished = (0..<4).map { entry("our-\($0)", by: ours) }
    let kept = (0..<2).map { entry("our-\($0)", by: ours, at: now) }
    #expect(merged(theirs, wished) == theirs + kept)
    #expect(merged([entry("our-3", by: ours, at: then)] + theirs, wished) == theirs + kept)
    let full = theirs + (30..<32).map { entry("their-\($0)", by: "example.com/other", at: then) }
    #expect(merged(full, wished) == full)
    let excess = StatusMerge.excess(live: theirs, desired: wished) { $0.controllerName == ours }
    #expect(excess == 2)
  }

  @Test("defaults that the server filled into a reference are no change")
  func spelledOutReference() {
    let live = [entry("gw", by: ours, at: then, spelledOut: true)]
    #expect(merged(live, [entry("gw", by: ours)]) == live)
    #expect(StatusMerge.route(route(live), [entry("gw", by: ours)], controllerName: ours, now: now) == route(live))
  }

  @Test("a route that never had a status and has no parent of ours is left alone")
  func untouched() {
    #expect(StatusMerge.route(route(nil), [], controllerName: ours, now: now) == route(nil))
  }

  // MARK: InferencePool v1alpha2

  private func pool(_ parents: [PoolParentStatus]) -> InferencePoolV1Alpha2 {
    InferencePoolV1Alpha2(
      metadata: ObjectMeta(name: "gemma3", namespace: "default"),
      spec: InferencePoolV1Alpha2Spec(targetPortNumber: 8000), status: InferencePoolV1Alpha2Status(parent: parents))
  }

  private func poolEntry(_ gateway: String, kind: String? = nil, at time: Timestamp? = nil) -> PoolParentStatus {
    PoolParentStatus(
      parentRef: ParentReference(kind: kind, name: gateway), conditions: [condition("Accepted", "True", at: time)])
  }

  private func merged(_ live: [PoolParentStatus], _ desired: [PoolParentStatus]) -> [PoolParentStatus]? {
    StatusMerge.inferencePool(pool(live), desired, isOurs: { $0.parentRef.name.hasPrefix("our") }, now: now).status?
      .parent
  }

  @Test("the entry with which a v1alpha2 pool is born goes when ours comes, and comes back when ours goes")
  func initialEntry() throws {
    let initial = poolEntry("default", kind: "Status", at: then)
    #expect(merged([initial], [poolEntry("our-gw")]) == [poolEntry("our-gw", at: now)])
    #expect(merged([initial], []) == [initial])
    let back = try #require(merged([poolEntry("our-gw", at: then)], []))
    #expect(back.map(\.parentRef) == [ParentReference(kind: "Status", name: "default")])
    #expect(back[0].conditions.map(\.status) == ["Unknown"])
  }

  @Test("v1alpha2 entries name no controller: those of other controllers' Gateways stay")
  func foreignPoolEntries() {
    let foreign = poolEntry("their-gw", at: then)
    #expect(
      merged([foreign, poolEntry("our-old", at: then)], [poolEntry("our-gw")]) == [
        foreign, poolEntry("our-gw", at: now),
      ]
    )
  }

  /// An entry as this program writes it, or as another one does.
  private func entry(of gateway: String, marked: Bool) -> PoolParentStatus {
    let types = ["Accepted", "ResolvedRefs"] + (marked ? ["EndpointsReady", "AcceleratorsFound"] : [])
    return PoolParentStatus(
      parentRef: ParentReference(name: gateway), conditions: types.map { condition($0, "True", at: then) })
  }

  @Test(
    "whose an entry of a v1alpha2 pool is",
    arguments: [
      // our Gateway's entry is ours, whoever wrote it
      ("ours", true, true, true), ("ours", false, true, true),
      // a Gateway that was ours and is another's now: what we wrote goes, what the other writes stays
      ("was-ours", true, true, true), ("was-ours", false, true, false),
      // a Gateway of ours that was deleted, in our presence or while we were away
      ("was-ours", true, false, true), ("unknown", true, false, true),
      // another controller's Gateway, whether or not we have seen it yet
      ("unknown", false, true, false), ("unknown", false, false, false),
      // a second Switchyard's Gateway
      ("unknown", true, true, false),
    ])
  func ownership(_ gateway: String, _ marked: Bool, _ isPresent: Bool, _ isOurs: Bool) {
    var gateways = OwnGateways()
    gateways.serve([ObjectKey(namespace: "default", name: "was-ours")])
    gateways.serve([ObjectKey(namespace: "default", name: "ours")])
    let entry = entry(of: gateway, marked: marked)
    #expect(gateways.wrote(entry, namespace: "default", isPresent: { _ in isPresent }) == isOurs)
  }

  @Test("the entry with which a pool is born is nobody's")
  func initialIsNobodys() {
    var gateways = OwnGateways()
    gateways.serve([ObjectKey(namespace: "default", name: "default")])
    #expect(!gateways.wrote(poolEntry("default", kind: "Status"), namespace: "default", isPresent: { _ in false }))
  }

  // MARK: Gateway

  @Test("a Gateway that says what it shall say is not changed, whatever defaults the server filled in")
  func gatewayUnchanged() {
    let desired = GatewayStatus(
      addresses: [GatewayAddress(value: "127.20.0.1")], conditions: [condition("Programmed", "True")],
      listeners: [
        ListenerStatus(
          name: "http", supportedKinds: [RouteGroupKind(kind: "HTTPRoute")], attachedRoutes: 1,
          conditions: [condition("Accepted", "True")])
      ])
    let born = Gateway(
      metadata: ObjectMeta(name: "gw", namespace: "default"), spec: GatewaySpec(gatewayClassName: "switchyard"))
    let written = StatusMerge.gateway(born, desired, now: then)
    #expect(written.status?.addresses == [GatewayAddress(type: "IPAddress", value: "127.20.0.1")])
    #expect(written.status?.listeners.first?.conditions.first?.lastTransitionTime == then)
    #expect(StatusMerge.gateway(written, desired, now: now) == written)
  }

  @Test("a ListenerSet keeps conditions of others, and is not changed a second time")
  func listenerSet() {
    let pending = ["Accepted", "Programmed"].map { condition($0, "Unknown", at: then) }
    var live = ListenerSet(
      metadata: ObjectMeta(name: "extra", namespace: "default"),
      spec: ListenerSetSpec(parentRef: ParentReference(name: "shared")),
      status: ListenerSetStatus(conditions: pending + [condition("example.com/Audited", "True", at: then)]))
    let desired = ListenerSetStatus(
      conditions: ["Accepted", "Programmed"].map { condition($0, "True") },
      listeners: [ListenerStatus(name: "http", supportedKinds: [RouteGroupKind(kind: "HTTPRoute")], attachedRoutes: 1)])
    live = StatusMerge.listenerSet(live, desired, now: now)
    #expect(live.status?.conditions.map(\.status) == ["True", "True", "True"])
    #expect(live.status?.conditions.map(\.lastTransitionTime) == [now, now, then])
    #expect(live.status?.listeners.first?.supportedKinds.first?.group == "gateway.networking.k8s.io")
    #expect(StatusMerge.listenerSet(live, desired, now: Timestamp(rawValue: "2026-03-03T00:00:00Z")) == live)
  }

  @Test("a model loses the condition `Ready` that upstream's schema gives it, and gets ours")
  func model() {
    let live = InferenceModel(
      metadata: ObjectMeta(name: "chatbot"),
      spec: InferenceModelSpec(modelName: "chatbot", poolRef: PoolObjectReference(name: "gemma3")),
      status: PlainStatus(conditions: [condition("Ready", "Unknown", at: then)]))
    let wished = StatusMerge.plain(live, [condition("Accepted", "True")], now: now)
    #expect(wished.status?.conditions == [condition("Accepted", "True", at: now)])
  }
}
