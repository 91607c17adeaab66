import KubernetesAPI
import KubernetesClient
import Observability
import TestSupport
import Testing
import Translation

@testable import ControlPlane

@Suite("GatewayClasses in use are held by a finalizer")
struct HeldClassTests {
  private let server = MemoryAPIServer()
  private let watches: WatchSet
  private let writer: StatusWriter
  private let path = "/apis/gateway.networking.k8s.io/v1/gatewayclasses/switchyard"
  private let key = StatusKey(kind: .gatewayClass, object: ObjectKey(name: "switchyard"))
  private let status = GatewayClassStatus(
    conditions: [Condition(.accepted, .true, .accepted, "accepted", of: ObjectMeta())])

  init() {
    let client = APIClient(
      configuration: ClientConfiguration(server: "http://memory"), transport: server, logger: quietLogger)
    watches = WatchSet(client: client, logger: quietLogger)
    writer = StatusWriter(
      client: client, watches: watches, instruments: ControlInstruments(registry: MetricsRegistry()),
      logger: quietLogger, seconds: { 1_700_000_000 })
  }

  private func put(_ finalizers: [String] = [], deleted: Bool = false) throws {
    let live = try server.put(
      GatewayClass(
        metadata: ObjectMeta(
          name: "switchyard", deletionTimestamp: deleted ? Timestamp(secondsSince1970: 1) : nil, finalizers: finalizers),
        spec: GatewayClassSpec(controllerName: ClusterState.defaultControllerName)))
    watches.gatewayClasses.apply(.replaceAll([live]))
  }

  private func write(isUsed: Bool) async -> StatusWriter.Outcome {
    await writer.write(key, .gatewayClass(status, isUsed: isUsed))
  }

  private var live: GatewayClass { get throws { try server.read(GatewayClass.self, at: path) } }

  @Test("it comes with the first Gateway, beside those of others, and goes with the last; the status is written on it")
  func comesAndGoes() async throws {
    try put(["example.com/other"])
    guard case .done = await write(isUsed: true) else { throw Failure("not done") }
    #expect(try live.metadata.finalizers == ["example.com/other", GatewayClass.usedFinalizer])
    #expect(try live.status?.conditions.first?.reason == "Accepted")
    #expect(server.writes == ["PATCH \(path)", "PATCH \(path)/status"])
    // Before the watch brings it, and after: nothing is left to write.
    _ = await write(isUsed: true)
    watches.gatewayClasses.apply(.replaceAll([try live]))
    _ = await write(isUsed: true)
    #expect(server.writes.count == 2)
    _ = await write(isUsed: false)
    #expect(try live.metadata.finalizers == ["example.com/other"])
    #expect(server.writes.count == 3)
  }

  @Test("one that is being deleted gets none any more, and is let go when no Gateway names it")
  func leaving() async throws {
    try put(["example.com/other"], deleted: true)
    _ = await write(isUsed: true)
    #expect(server.writes == ["PATCH \(path)/status"])
    try put([GatewayClass.usedFinalizer], deleted: true)
    _ = await write(isUsed: false)
    #expect(try live.metadata.finalizers == [])
  }

  @Test("somebody else's write in between is not undone")
  func conflict() async throws {
    try put()
    _ = try server.put(
      GatewayClass(
        metadata: ObjectMeta(name: "switchyard", finalizers: ["example.com/new"]),
        spec: GatewayClassSpec(controllerName: ClusterState.defaultControllerName)))
    #expect(await write(isUsed: true) == .conflict)
    #expect(try live.metadata.finalizers == ["example.com/new"])
  }
}
