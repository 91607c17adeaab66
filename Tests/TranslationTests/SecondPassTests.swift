import KubernetesAPI
import Testing
import Translation

@testable import ControlPlane

/// What is written is read again by the next pass, and by every other replica.
@Suite("A second pass over our own output")
struct SecondPassTests {
  private let first = Timestamp(secondsSince1970: 1_700_000_000)
  private let second = Timestamp(secondsSince1970: 1_700_000_100)

  @Test("it gives the same table, and writes nothing", arguments: GoldenCase.all)
  func nothingIsWritten(_ golden: GoldenCase) throws {
    var state = try golden.load().state
    let before = translate(state)
    var writes = try write(before.statuses, into: &state, now: first)
    let after = translate(state)
    #expect(after.table == before.table)
    // What went to another controller is let go in the first pass, and is no business of ours in the second.
    writes = try write(after.statuses, into: &state, now: second)
    #expect(writes == [], "\(golden.name)")
  }

  /// Does what the status writer does. Returns whose status it wrote.
  private func write(_ report: StatusReport, into state: inout ClusterState, now: Timestamp) throws -> [String] {
    var writes: [String] = []
    let controller = state.controllerName
    func bring<R: Resource, Status>(
      _ objects: inout [R], to desired: [ObjectKey: Status], _ merge: (R, Status) -> R
    ) throws {
      for index in objects.indices {
        guard let status = desired[objects[index].key] else { continue }
        let wished = merge(objects[index], status)
        if try StatusPatch.make(from: objects[index], to: wished) != nil {
          writes.append("\(R.type.kind) \(objects[index].key)")
        }
        objects[index] = wished
      }
    }
    func route<R: Route>(_ live: R, _ desired: [RouteParentStatus]) -> R {
      StatusMerge.route(live, desired, controllerName: controller, now: now)
    }
    try bring(&state.gatewayClasses, to: report.gatewayClasses) { StatusMerge.gatewayClass($0, $1, now: now) }
    try bring(&state.gateways, to: report.gateways) { StatusMerge.gateway($0, $1, now: now) }
    try bring(&state.listenerSets, to: report.listenerSets) { StatusMerge.listenerSet($0, $1, now: now) }
    try bring(&state.httpRoutes, to: report.routes[.http] ?? [:], route)
    try bring(&state.grpcRoutes, to: report.routes[.grpc] ?? [:], route)
    try bring(&state.tlsRoutes, to: report.routes[.tls] ?? [:], route)
    try bring(&state.tcpRoutes, to: report.routes[.tcp] ?? [:], route)
    try bring(&state.udpRoutes, to: report.routes[.udp] ?? [:], route)
    try bring(&state.inferencePools, to: report.inferencePools) {
      StatusMerge.inferencePool($0, $1, controllerName: controller, now: now)
    }
    try bring(&state.inferencePoolsV1Alpha2, to: report.inferencePoolsV1Alpha2) {
      StatusMerge.inferencePool($0, $1, isOurs: { _ in true }, now: now)
    }
    func plain<R: ConditionBearing>(_ objects: inout [R]) throws {
      try bring(&objects, to: report.plain[R.type] ?? [:]) { StatusMerge.plain($0, $1, now: now) }
    }
    try plain(&state.inferenceModels)
    try plain(&state.inferenceObjectives)
    try plain(&state.inferenceObjectivesXK8s)
    try plain(&state.inferenceModelRewrites)
    try plain(&state.inferenceModelRewritesXK8s)
    try bring(&state.backendTLSPolicies, to: report.backendTLSPolicies) {
      StatusMerge.backendTLSPolicy($0, $1, controllerName: controller, now: now)
    }
    return writes
  }
}
