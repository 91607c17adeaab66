import Certificates
import KubernetesAPI
import KubernetesClient
import Observability
import Routing
import Synchronization
import TestSupport
import Testing
import Translation

@testable import ControlPlane

@Suite("The loop and the certificates of Gateways", .timeLimit(.minutes(1)))
struct CertificateFollowingTests {
  private let watches: WatchSet
  private let table = Published(RoutingTable())
  private let certificates = Published(CertificateStore())
  private let reconciler: Reconciler

  init() throws {
    let client = APIClient(
      configuration: ClientConfiguration(server: "http://memory"), transport: MemoryAPIServer(), logger: quietLogger)
    watches = WatchSet(client: client, logger: quietLogger)
    reconciler = Reconciler(
      watches: watches, table: table, certificates: certificates, writer: nil,
      instruments: ControlInstruments(registry: MetricsRegistry()), logger: quietLogger,
      configuration: .init(addresses: try AddressPolicy("127.20.0.1-127.20.0.254")))
    syncEverythingElse()
    watches.gateways.apply(.replaceAll([Self.gateway("first")]))
  }

  private func syncEverythingElse() {
    let gatewayClass = GatewayClass(
      metadata: ObjectMeta(name: "switchyard"),
      spec: GatewayClassSpec(controllerName: ClusterState.defaultControllerName))
    watches.gatewayClasses.apply(.replaceAll([gatewayClass]))
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
    watches.pods.apply(.replaceAll([]))
    watches.nodes.apply(.replaceAll([]))
    watches.namespaces.apply(.replaceAll([]))
    for store in watches.adapterMaps { store.apply(.replaceAll([])) }
  }

  private static func gateway(_ secret: String) -> Gateway {
    let listener = GatewayListener(
      name: "https", port: 443, protocol: "HTTPS",
      tls: ListenerTLS(certificateRefs: [SecretReference(name: secret)]))
    return Gateway(
      metadata: ObjectMeta(name: "g", namespace: "default"),
      spec: GatewaySpec(gatewayClassName: "switchyard", listeners: [listener]))
  }

  private static func secret(_ name: String) throws -> Secret {
    let made = try IssuedCertificates.make(authority: "a", days: 1)
    return Secret(
      metadata: ObjectMeta(name: name, namespace: "default"),
      stringData: ["tls.crt": made.server, "tls.key": made.serverKey])
  }

  private var shown: [String] {
    table.current.listeners.flatMap { $0.serving.termination?.certificates ?? [] }.map(\.name)
  }

  @Test("no table before its certificates are known; a new one comes without a new table; what is new is waited for")
  func following() async throws {
    reconciler.pass()
    #expect(!reconciler.isReady)
    #expect(reconciler.notReady == ["Secret default/first: the server has not answered yet"])

    let stores = Mutex<[String: Store<Secret>]>([:])
    let watch: @Sendable (NamedWatches<Secret>.Entry) async throws -> Void = { entry in
      stores.withLock { $0[entry.key.name] = entry.store }
      try await Task.sleep(for: .seconds(3600))
    }
    func answer(_ name: String, _ secret: Secret) async throws {
      try await eventually("\(name) is watched") { stores.withLock { $0[name] != nil } }
      stores.withLock { $0[name] }?.apply(.replaceAll([secret]))
      reconciler.pass()
    }
    try await whileRunning({ try await watches.secrets.run(watch) }) {
      try await answer("first", Self.secret("first"))
      #expect(reconciler.isReady && shown == ["first"])
      let before = certificates.current

      let tables = table.numbered.number
      try await answer("first", Self.secret("first"))
      #expect(certificates.current != before && table.numbered.number == tables)

      watches.gateways.apply(.replaceAll([Self.gateway("second")]))
      reconciler.pass()
      #expect(shown == ["first"], "what it shows now is not known yet")
      #expect(reconciler.statuses?.gateways.isEmpty == true)
      try await answer("second", Self.secret("second"))
      #expect(shown == ["second"] && certificates.current.certificates.keys.map(\.name) == ["second"])
      let status = reconciler.statuses?.gateways[ObjectKey(namespace: "default", name: "g")]
      #expect(status?.conditions.first { $0.type == "Programmed" }?.status == "True")
    }
  }
}
