import KubernetesAPI
import KubernetesClient
import Observability
import Routing
import TestSupport
import Testing
import Translation

@testable import ControlPlane

@Suite("Kinds that the server does not serve", .timeLimit(.minutes(1)))
struct WatchingTests {
  @Test("the log names the definition that is missing and the command that installs it")
  func cure() {
    let line = KindWatch<InferencePool>.cure
    #expect(line.contains("inferencepools.inference.networking.k8s.io"))
    #expect(line.contains("kubectl apply -f crds/"))
    #expect(
      KindWatch<Gateway>.cure.contains("kubectl apply --server-side -f https://github.com/kubernetes-sigs/gateway-api/")
    )
  }

  @Test("where no definition is installed, every kind counts as synced and empty, and the watch goes on trying")
  func notServed() async throws {
    let logger = quietLogger
    let client = APIClient(
      configuration: ClientConfiguration(server: "http://memory"), transport: MemoryAPIServer(), logger: logger)
    let watches = WatchSet(client: client, logger: logger)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await watches.run() }
      for await _ in watches.signal.rings() where watches.unsyncedKinds.isEmpty { break }
      #expect(watches.snapshot()?.httpRoutes.isEmpty == true)
      group.cancelAll()
      try await group.waitForAll()
    }
  }

  @Test("a definition that is installed later takes effect, without a restart")
  func servedLater() async throws {
    let server = MemoryAPIServer()
    let watches = watchSet(server)
    try await whileRunning({ try await watches.run() }) {
      try await eventually("all count as synced") { watches.unsyncedKinds.isEmpty }
      _ = try server.put(HTTPRoute(metadata: ObjectMeta(name: "llm", namespace: "default"), spec: HTTPRouteSpec()))
      server.serve(HTTPRoute.self)
      try await eventually("the route is seen") { watches.httpRoutes.snapshot?.count == 1 }
    }
  }

  @Test("without the definitions of Gateway API nothing is ready, and readiness names the command that installs them")
  func gatewayAPIIsMissing() async throws {
    let server = MemoryAPIServer()
    let watches = watchSet(server)
    let reconciler = Reconciler(
      watches: watches, table: Published(RoutingTable()), writer: nil,
      instruments: ControlInstruments(registry: MetricsRegistry()), logger: quietLogger)
    try await whileRunning({ try await watches.run() }) {
      try await eventually("all count as synced") { watches.unsyncedKinds.isEmpty }
      reconciler.pass()
      #expect(reconciler.isReady)
      let reasons = reconciler.notReady
      #expect(reasons.count == 3 && reasons.allSatisfy { $0.contains("kubectl apply --server-side -f https://") })
      #expect(reasons.contains { $0.contains("gatewayclasses.gateway.networking.k8s.io") })
      server.serve(GatewayClass.self)
      server.serve(Gateway.self)
      server.serve(HTTPRoute.self)
      try await eventually("it is ready, without a restart") { reconciler.notReady.isEmpty }
    }
  }

  @Test("of ConfigMaps only those are asked for that tell of adapters, by either label; one with both counts once")
  func adapterMaps() async throws {
    let server = MemoryAPIServer()
    let watches = watchSet(server)
    server.serve(ConfigMap.self)
    _ = try server.put(ConfigMap(metadata: ObjectMeta(name: "adapters", namespace: "default")))
    for label in ["inference.llm-d.ai%2Fipp-managed", "inference.networking.k8s.io%2Fbbr-managed"] {
      server.trouble("labelSelector=\(label)%3Dtrue", .refuse(403, reason: "Forbidden"))
    }
    try await whileRunning({ try await watches.run() }) {
      try await eventually("nothing but ConfigMaps is missing, and readiness says what to allow") {
        watches.unsyncedReasons.isEmpty
          && watches.degradations.first?.contains("list and watch on configmaps (manifests/operator/rbac.yaml") == true
      }
      #expect(watches.snapshot()?.configMaps.isEmpty == true)
      for label in ["inference.llm-d.ai%2Fipp-managed", "inference.networking.k8s.io%2Fbbr-managed"] {
        server.trouble("labelSelector=\(label)%3Dtrue", nil)
      }
      try await eventually("the map is seen") { watches.snapshot()?.configMaps.map(\.metadata.name) == ["adapters"] }
    }
  }

  @Test("a definition that is taken away leaves nothing of its kind, and may come back")
  func servedAgain() async throws {
    let server = MemoryAPIServer()
    let watches = watchSet(server)
    server.serve(HTTPRoute.self)
    server.events(of: HTTPRoute.self, [])
    _ = try server.put(HTTPRoute(metadata: ObjectMeta(name: "llm", namespace: "default"), spec: HTTPRouteSpec()))
    try await whileRunning({ try await watches.run() }) {
      for _ in 0..<2 {
        try await eventually("the route is seen") { watches.httpRoutes.snapshot?.count == 1 }
        server.unserve(HTTPRoute.self)
        try await eventually("the route is gone") { watches.httpRoutes.snapshot?.isEmpty == true }
        server.serve(HTTPRoute.self)
      }
    }
  }

  @Test(
    "a kind that may not be listed costs only what depends on it, and is named with verb, resource and cure, until it may"
  )
  func forbidden() async throws {
    let server = MemoryAPIServer()
    server.serve(Node.self)
    let words = #"nodes is forbidden: User "switchyard" cannot list resource "nodes" in API group """#
    server.trouble("GET /api/v1/nodes", .refuse(403, reason: "Forbidden", message: words))
    let watches = watchSet(server)
    try await whileRunning({ try await watches.run() }) {
      try await eventually("nothing waits for nodes") { watches.unsyncedKinds.isEmpty }
      let state = try #require(watches.snapshot())
      let line = try #require(watches.degradations.first)
      for part in ["Node (v1)", "cannot list nodes", words, "list and watch on nodes"] {
        #expect(line.contains(part), "\(line)")
      }
      #expect(state.gaps.kinds.keys.map(\.kind) == ["Node"])
      server.trouble("GET /api/v1/nodes", nil)
      try await eventually("nodes are synced") { watches.nodes.isSynced && watches.degradations.isEmpty }
      #expect(watches.snapshot()?.gaps == InputGaps())
    }
    #expect(watches.problems[Node.type] == nil)
  }

  @Test(
    "without Gateways, their classes or the policies that ask for TLS nothing is served as it shall be: readiness waits"
  )
  func indispensable() async throws {
    let server = MemoryAPIServer()
    server.serve(BackendTLSPolicy.self)
    server.trouble("backendtlspolicies", .refuse(403, reason: "Forbidden"))
    let watches = watchSet(server)
    try await whileRunning({ try await watches.run() }) {
      try await eventually("only policies are missing") {
        watches.unsyncedKinds == ["BackendTLSPolicy (gateway.networking.k8s.io/v1)"]
          && watches.unsyncedReasons[0].contains("cannot list backendtlspolicies.gateway.networking.k8s.io")
      }
      #expect(watches.snapshot() == nil)
    }
  }

  @Test("a kind that may be listed and not watched is named with verb and resource, and what is listed counts")
  func unwatchable() async throws {
    let server = MemoryAPIServer()
    server.serve(Node.self)
    _ = try server.put(Node(metadata: ObjectMeta(name: "a")))
    server.trouble("GET /api/v1/nodes?watch=true", .refuse(403, reason: "Forbidden"))
    let watches = watchSet(server)
    try await whileRunning({ try await watches.run() }) {
      try await eventually("it is told") { watches.degradations.first?.contains("cannot watch nodes") == true }
      try await eventually("all other kinds are known, too") { watches.snapshot()?.nodes.count == 1 }
      _ = try server.put(Node(metadata: ObjectMeta(name: "b")))
      try await eventually("another list brings the change") { watches.snapshot()?.nodes.count == 2 }
      server.trouble("GET /api/v1/nodes?watch=true", nil)
      try await eventually("it is watched") { watches.degradations.isEmpty }
    }
  }

  @Test("a proxy that answers everything with 404 empties no store, and the log and readiness hear of it")
  func proxy() async throws {
    let server = MemoryAPIServer()
    server.serve(HTTPRoute.self)
    server.events(of: HTTPRoute.self, [])
    _ = try server.put(HTTPRoute(metadata: ObjectMeta(name: "llm", namespace: "default"), spec: HTTPRouteSpec()))
    let watches = watchSet(server)
    try await whileRunning({ try await watches.run() }) {
      try await eventually("the route is seen") { watches.httpRoutes.snapshot?.count == 1 }
      server.trouble("GET /", .refuse(404, reason: "", message: "404 page not found"))
      try await eventually("discovery was asked") { server.asked.contains("GET /apis") }
      try await eventually("it is known") { watches.problems[HTTPRoute.type]?.contains("404 page not found") == true }
      #expect(watches.httpRoutes.snapshot?.count == 1)
      server.trouble("GET /", nil)
      try await eventually("it is over") { watches.problems[HTTPRoute.type] == nil }
      #expect(watches.httpRoutes.snapshot?.count == 1)
    }
  }

  @Test("a 404 of a kind that discovery lists empties no store")
  func contradiction() async throws {
    let server = MemoryAPIServer()
    server.serve(HTTPRoute.self)
    server.events(of: HTTPRoute.self, [])
    _ = try server.put(HTTPRoute(metadata: ObjectMeta(name: "llm", namespace: "default"), spec: HTTPRouteSpec()))
    let watches = watchSet(server)
    try await whileRunning({ try await watches.run() }) {
      try await eventually("the route is seen") { watches.httpRoutes.snapshot?.count == 1 }
      server.trouble("httproutes", .refuse(404, reason: "NotFound"))
      try await eventually("it is known") { watches.problems[HTTPRoute.type]?.contains("is not believed") == true }
      #expect(watches.httpRoutes.snapshot?.count == 1)
    }
  }

  @Test("a first list that fails after the first look holds up readiness, which says so")
  func failingList() async throws {
    let server = MemoryAPIServer()
    server.serve(Pod.self)
    server.trouble("GET /api/v1/pods?limit=500", .refuse(500, reason: "InternalError"))
    let watches = watchSet(server)
    try await whileRunning({ try await watches.run() }) {
      let reason = "Pod (v1): cannot list pods: the API server cannot answer now: InternalError"
      try await eventually("the failure is known") { watches.unsyncedReasons == [reason] }
      server.trouble("GET /api/v1/pods?limit=500", nil)
      try await eventually("pods are synced") { watches.unsyncedReasons.isEmpty }
    }
  }

  @Test("what watches bring, and that they start again, is counted by kind")
  func instruments() async throws {
    let server = MemoryAPIServer()
    server.serve(Pod.self)
    server.serve(Namespace.self)
    server.events(
      of: Pod.self, [#"{"type":"ADDED","object":{"metadata":{"name":"a","namespace":"b","resourceVersion":"200"}}}"#])
    let registry = MetricsRegistry()
    let watches = watchSet(server, instruments: ControlInstruments(registry: registry))
    try await whileRunning({ try await watches.run() }) {
      try await eventually("both are counted") {
        let text = registry.render()
        return text.contains(#"switchyard_watch_events_total{kind="Pod",type="ADDED"}"#)
          && text.contains(#"switchyard_watch_restarts_total{kind="Pod",reason="ended"}"#)
      }
    }
  }

  private func watchSet(_ server: MemoryAPIServer, instruments: ControlInstruments? = nil) -> WatchSet {
    let client = APIClient(
      configuration: ClientConfiguration(server: "http://memory"), transport: server, logger: quietLogger)
    return WatchSet(client: client, instruments: instruments, logger: quietLogger, retryPause: .milliseconds(20))
  }
}

@Suite("Looks at a kind that cannot be read")
struct KindLookTests {
  private static let second: UInt64 = 1_000_000_000

  private func look() -> KindLook {
    KindLook(missingPause: .seconds(3), delays: .milliseconds(250)...Duration.seconds(10))
  }

  @Test("what lasts is told once a minute, and at once when it changes")
  func news() {
    var look = look()
    func failed(_ problem: String, at seconds: UInt64) -> Bool {
      look.failed(problem, retryAfter: nil, now: seconds * Self.second, jitter: 0).isNews
    }
    #expect(failed("no connection", at: 0))
    #expect(!failed("no connection", at: 1))
    #expect(failed("forbidden", at: 2))
    #expect(!failed("forbidden", at: 61))
    #expect(failed("forbidden", at: 62))
    #expect(!failed("forbidden", at: 121))
  }

  @Test("that a kind is not served is told once, and a failure after it is news")
  func missing() {
    var look = look()
    #expect(look.missing() == KindLook.Verdict(isNews: true, pause: .seconds(3)))
    #expect(look.missing() == KindLook.Verdict(isNews: false, pause: .seconds(3)))
    #expect(look.failed("forbidden", retryAfter: nil, now: 0, jitter: 0).isNews)
    #expect(look.isMissing)
  }

  @Test("pauses double up to the longest, with jitter; the server's wish counts where it is longer")
  func pauses() {
    var look = look()
    let pauses = (0..<8).map { _ in look.failed("x", retryAfter: nil, now: 0, jitter: 1).pause }
    #expect(pauses == [0.25, 0.5, 1, 2, 4, 8, 10, 10].map { .seconds($0) })
    #expect(look.failed("x", retryAfter: nil, now: 0, jitter: 0).pause == .seconds(5))
    #expect(look.failed("x", retryAfter: .seconds(7), now: 0, jitter: 0).pause == .seconds(7))
    #expect(look.failed("x", retryAfter: .seconds(3600), now: 0, jitter: 0).pause == .seconds(120))
    _ = look.missing()
    #expect(look.failed("x", retryAfter: nil, now: 0, jitter: 1).pause == .seconds(0.25))
  }

  @Test(
    "each failure says what to do",
    arguments: [
      (.forbidden(Status(message: "no")), "httproutes.gateway.networking.k8s.io"),
      (.unauthorized(Status(message: "no")), "credential"),
      (.transport(.cannotConnect("refused")), "is the API server up"),
    ] as [(APIError, String)])
  func cures(_ error: APIError, _ cure: String) {
    let text = KindProblem(error, .list, of: HTTPRoute.type).text
    #expect(text.contains(cure))
    #expect(text.hasPrefix("cannot list httproutes.gateway.networking.k8s.io: \(error)"))
  }
}
