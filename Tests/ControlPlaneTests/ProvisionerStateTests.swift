import JSONText
import KubernetesAPI
import TestSupport
import Testing
import Translation

@testable import ControlPlane

/// A gateway's objects are written when they differ from what is planned, and at no other time.
@Suite("The provisioner's decisions")
struct ProvisionerStateTests {
  private let gateway = ObjectKey(namespace: "default", name: "gw")

  @Test("what is not there is applied, once, and left alone when the watches show it")
  func creation() throws {
    var state = ProvisionerState()
    let objects = try planned()
    state.look(at: [:], now: 0)
    #expect(state.take(now: 0).isEmpty, "nothing is done, and nothing deleted, before there is a plan")
    state.plan([gateway: .objects(objects)])
    state.look(at: [:], now: 0)
    let taken = carryOut(&state, at: 1)
    #expect(Set(taken.map(\.key)) == Set(objects.map(\.id)))
    #expect(taken.allSatisfy { if case .apply(_, isThere: false) = $0.desired { true } else { false } })
    state.look(at: [:], now: 2)
    #expect(state.take(now: 2).isEmpty, "a watch needs time to show what was applied")
    #expect(state.nextDue == 1 + ProvisionerState.patience)
    let live = live(objects)
    state.look(at: live, now: 3)
    #expect(state.take(now: 3).isEmpty)
    #expect(state.nextDue == nil)
    var another = ProvisionerState()
    another.plan([gateway: .objects(objects)])
    another.look(at: live, now: 0)
    #expect(another.take(now: 0).isEmpty, "a new leader finds all as it shall be")
  }

  @Test("what never shows is applied again")
  func neverShown() throws {
    var state = ProvisionerState()
    state.plan([gateway: .objects(try planned())])
    state.look(at: [:], now: 0)
    let count = carryOut(&state, at: 0).count
    state.look(at: [:], now: ProvisionerState.patience)
    #expect(state.take(now: ProvisionerState.patience).count == count)
  }

  @Test("one that somebody deleted is made again, one that is going is waited for")
  func deletedByOthers() throws {
    var state = ProvisionerState()
    let objects = try planned()
    let service = try #require(objects.first { $0.id.kind == .service }).id
    state.plan([gateway: .objects(objects)])
    var live = live(objects)
    live[service] = nil
    state.look(at: live, now: 0)
    #expect(state.take(now: 0).map(\.key) == [service])
    var other = ProvisionerState()
    other.plan([gateway: .objects(objects)])
    live[service] = self.live(objects, isTerminating: true)[service]
    other.look(at: live, now: 0)
    #expect(other.take(now: 0).isEmpty)
  }

  @Test("a changed Gateway has only what differs applied")
  func change() throws {
    var state = ProvisionerState()
    state.plan([gateway: .objects(try planned(port: 8080))])
    state.look(at: live(try planned(port: 80)), now: 0)
    #expect(state.take(now: 0).map(\.key.kind) == [.service])
  }

  @Test("what no plan names goes, by its uid; what is kept stays")
  func deletion() throws {
    let live = live(try planned())
    var kept = ProvisionerState()
    kept.plan([gateway: .keep])
    kept.look(at: live, now: 0)
    #expect(kept.take(now: 0).isEmpty)
    var gone = ProvisionerState()
    gone.plan([:])
    gone.look(at: live, now: 0)
    let steps = gone.take(now: 0)
    #expect(Set(steps.map(\.key)) == Set(live.keys))
    #expect(steps.allSatisfy { $0.desired == .delete(uid: "1") })
  }

  @Test("a failure is told of the Gateway until it is mended, and waits alone")
  func failure() throws {
    var state = ProvisionerState()
    state.plan([gateway: .objects(try planned())])
    state.look(at: [:], now: 0)
    for (id, step) in state.take(now: 0) {
      let fails = id.kind == .clusterRoleBinding
      state.finished(
        id, step, outcome: fails ? .failed() : .done(version: nil), problem: fails ? "forbidden" : nil, now: 1)
    }
    #expect(state.failures == [gateway: "forbidden"])
    state.look(at: [:], now: 2)
    #expect(state.take(now: 2).isEmpty)
    let due = try #require(state.nextDue)
    state.look(at: [:], now: due)
    for (id, step) in state.take(now: due) {
      #expect(id.kind == .clusterRoleBinding)
      state.finished(id, step, outcome: .done(version: nil), problem: nil, now: due)
    }
    #expect(state.failures.isEmpty)
  }

  /// Takes all that is to be done and lets it succeed.
  private func carryOut(
    _ state: inout ProvisionerState, at now: UInt64
  ) -> [(key: ProvisionedID, desired: ProvisionerState.Step)] {
    let taken = state.take(now: now)
    for (id, step) in taken { state.finished(id, step, outcome: .done(version: nil), problem: nil, now: now) }
    return taken
  }

  private func planned(port: Int = 80) throws -> [ProvisionedObject] {
    var state = ClusterState(
      gatewayClasses: [
        GatewayClass(
          metadata: ObjectMeta(name: "switchyard"),
          spec: GatewayClassSpec(controllerName: ClusterState.defaultControllerName))
      ],
      gateways: [
        Gateway(
          metadata: ObjectMeta(name: gateway.name, namespace: gateway.namespace, uid: "u"),
          spec: GatewaySpec(
            gatewayClassName: "switchyard", listeners: [GatewayListener(name: "http", port: port, protocol: "HTTP")]))
      ])
    state.hosting = .pods(GatewayPodOptions(image: "switchyard:1"))
    guard case .objects(let objects) = translate(state).plans[gateway] else { throw Failure("no objects are planned") }
    return objects
  }

  private func live(_ objects: [ProvisionedObject], isTerminating: Bool = false) -> [ProvisionedID: LiveObject] {
    var live: [ProvisionedID: LiveObject] = [:]
    for object in objects {
      let labels = object.json["metadata", "labels"]?.objectValue?.compactMapValues(\.stringValue) ?? [:]
      live[object.id] = LiveObject(
        ObjectMeta(
          name: object.id.key.name, namespace: object.id.key.namespace, labels: labels,
          annotations: [ProvisionedObject.hashAnnotation: object.hash], uid: "1",
          deletionTimestamp: isTerminating ? Timestamp(secondsSince1970: 0) : nil))
    }
    return live
  }
}
