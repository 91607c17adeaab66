import JSONText
import KubernetesAPI
import KubernetesClient
import Logging
import Observability
import ServiceLifecycle
import TestSupport
import Testing
import Translation

@testable import ControlPlane

@Suite("The status writer at work", .timeLimit(.minutes(1)))
struct StatusWriterRunTests {
  private let server = MemoryAPIServer()
  private let registry = MetricsRegistry()
  private let client: APIClient
  private let watches: WatchSet
  private let writer: StatusWriter

  init() {
    client = APIClient(
      configuration: ClientConfiguration(server: "http://memory"), transport: server, logger: quietLogger)
    watches = WatchSet(client: client, logger: quietLogger)
    writer = StatusWriter(
      client: client, watches: watches, instruments: ControlInstruments(registry: registry), logger: quietLogger)
  }

  /// A writer that waits for an Event as long as any test runs, and so long for Events at its end.
  private func writer(lastWords: Duration) -> StatusWriter {
    StatusWriter(
      client: client, watches: watches, instruments: ControlInstruments(registry: registry), logger: quietLogger,
      eventTimeout: .seconds(600), lastWords: lastWords)
  }

  private func path(_ name: String) -> String {
    "/apis/gateway.networking.k8s.io/v1/namespaces/default/httproutes/\(name)"
  }

  private func put(_ name: String) throws -> HTTPRoute {
    try server.put(HTTPRoute(metadata: ObjectMeta(name: name, namespace: "default"), spec: HTTPRouteSpec()))
  }

  private func report(_ names: [String], _ message: String = "fine") -> StatusReport {
    let entry = RouteParentStatus(
      parentRef: ParentReference(name: "gw"), controllerName: ClusterState.defaultControllerName,
      conditions: [Condition(type: "Accepted", status: "True", reason: "Accepted", message: message)])
    return StatusReport(
      routes: [
        .http: Dictionary(
          uniqueKeysWithValues: names.map { (ObjectKey(namespace: "default", name: $0), [entry]) })
      ])
  }

  private func message(_ name: String) throws -> String? {
    try server.read(HTTPRoute.self, at: path(name)).status?.parents.first?.conditions.first?.message
  }

  @Test("an object that does not decode gets one Event, under its uid so that kubectl describe finds it")
  func undecodable() async throws {
    watches.httpRoutes.apply(.replaceAll([]))
    let key = ObjectKey(namespace: "default", name: "llm")
    watches.httpRoutes.apply(
      .mark(UndecodableObject(type: HTTPRoute.type, key: key, uid: "u7", reason: "spec.rules: no list")))
    try await whileRunning({ try await writer.run() }) {
      writer.submit(report([]))
      writer.submit(report([]))
      try await eventually("the Event is written") { server.writes.count == 1 }
    }
    let path = try #require(server.writes.first?.dropFirst("POST ".count))
    #expect(path == "/api/v1/namespaces/default/events")
    let event = server.objects.first { $0.key.hasPrefix("\(path)/") }?.value
    #expect(event?["reason"]?.stringValue == "Undecodable")
    #expect(event?["message"]?.stringValue?.contains("spec.rules: no list") == true)
    #expect(event?["involvedObject"]?["uid"]?.stringValue == "u7")
    #expect(event?["involvedObject"]?["kind"]?.stringValue == "HTTPRoute")
  }

  @Test("a mistake in a ConfigMap becomes one Event, and another mistake another one")
  func configMapMistakes() async throws {
    let configMap = try server.put(ConfigMap(metadata: ObjectMeta(name: "adapters", namespace: "default")))
    for store in watches.adapterMaps { store.apply(.replaceAll([configMap])) }
    func events() -> [String] {
      server.writes.filter { $0.contains("/events") }
    }
    try await whileRunning({ try await writer.run() }) {
      for mistakes in [["a"], ["a"], [], ["a", "b"]] {
        writer.submit(StatusReport(configMaps: [configMap.key: mistakes]))
      }
      try await eventually("all are told") { events().count == 3 }
    }
    #expect(events().filter { $0.hasPrefix("POST ") }.count == 2, "the same mistake again counts its Event up")
    #expect(server.writes.count == 3)
  }

  @Test("what a report says is written, and what the next one says")
  func written() async throws {
    watches.httpRoutes.apply(.replaceAll([try put("a"), try put("b")]))
    try await whileRunning({ try await writer.run() }) {
      writer.submit(report(["a", "b"]))
      try await eventually("both say so") { try message("a") == "fine" && message("b") == "fine" }
      writer.submit(report(["a", "b"], "better"))
      try await eventually("both say so") { try message("a") == "better" && message("b") == "better" }
    }
    #expect(registry.render().contains(#"switchyard_status_writes_total{kind="HTTPRoute",result="written"} 4"#))
  }

  @Test("a conflict is tried again when the watch has brought what the other one wrote")
  func conflict() async throws {
    watches.httpRoutes.apply(.replaceAll([try put("a")]))
    let newer = try put("a")
    try await whileRunning({ try await writer.run() }) {
      writer.submit(report(["a"]))
      let conflicts = #"switchyard_status_writes_total{kind="HTTPRoute",result="conflict"}"#
      try await eventually("a conflict is counted") { registry.render().contains(conflicts) }
      watches.httpRoutes.apply(.upsert(newer))
      try await eventually("it is written") { try message("a") == "fine" }
    }
  }

  @Test("an object that the server refuses does not hold up the others")
  func refused() async throws {
    watches.httpRoutes.apply(.replaceAll([try put("a"), try put("b")]))
    server.trouble("PATCH \(path("a"))", .refuse(422, reason: "Invalid"))
    try await whileRunning({ try await writer.run() }) {
      writer.submit(report(["a", "b"]))
      try await eventually("the other is written") { try message("b") == "fine" }
      server.trouble("PATCH \(path("a"))", nil)
      try await eventually("it is written once the server takes it") { try message("a") == "fine" }
    }
  }

  @Test("an API server that is silent about Events does not hold up a single status")
  func silentEvents() async throws {
    let names = (0..<40).map { "route-\($0)" }
    watches.httpRoutes.apply(.replaceAll(try names.map(put)))
    server.trouble("POST /api/v1/namespaces/default/events", .silence)
    let writer = writer(lastWords: .zero)
    try await whileRunning({ try await writer.run() }) {
      writer.submit(report(names))
      try await eventually("all are written", within: .seconds(15)) {
        try names.allSatisfy { try message($0) == "fine" }
      }
    }
  }

  @Test("a graceful shutdown ends it, after the Events that wait are told")
  func gracefulShutdown() async throws {
    let names = (0..<20).map { "route-\($0)" }
    watches.httpRoutes.apply(.replaceAll(try names.map(put)))
    let writer = writer(lastWords: .seconds(600))
    let group = ServiceGroup(services: [writer], logger: quietLogger)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      writer.submit(report(names))
      try await eventually("all are written") { try names.allSatisfy { try message($0) == "fine" } }
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
    }
    // A status is there before its writer has told of it: the last few may not have come so far.
    let told = server.writes.filter { $0 == "POST /api/v1/namespaces/default/events" }.count
    #expect((12...20).contains(told), "\(told) Events")
  }

  @Test("a graceful shutdown does not wait for a server that is silent about Events")
  func impatientShutdown() async throws {
    watches.httpRoutes.apply(.replaceAll([try put("a")]))
    server.trouble("POST /api/v1/namespaces/default/events", .silence)
    let writer = writer(lastWords: .milliseconds(10))
    let group = ServiceGroup(services: [writer], logger: quietLogger)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      writer.submit(report(["a"]))
      try await eventually("it is written") { try message("a") == "fine" }
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
    }
    #expect(!server.writes.contains("POST /api/v1/namespaces/default/events"), "the Event was still under way")
  }

  @Test("a note that finds no place to wait is dropped and counted")
  func dropped() throws {
    let recorder = EventRecorder(
      client: APIClient(configuration: ClientConfiguration(server: "http://memory"), transport: server),
      instruments: ControlInstruments(registry: registry), logger: quietLogger, timeout: .seconds(5),
      seconds: { 0 })
    let route = try put("a")
    for number in 0..<EventRecorder.places + 3 {
      recorder.record([EventNote(type: "Normal", reason: "R", message: "\(number)")], about: route)
    }
    #expect(registry.render().contains(#"switchyard_events_total{result="dropped"} 3"#))
  }

  @Test("a pass that changes nothing asks nothing; what somebody else took away is put back")
  func tampered() async throws {
    watches.httpRoutes.apply(.replaceAll([try put("a"), try put("b")]))
    try await whileRunning({ try await writer.run() }) {
      writer.submit(report(["a", "b"]))
      try await eventually("both say so") { try message("a") == "fine" && message("b") == "fine" }
      for name in ["a", "b"] {
        watches.httpRoutes.apply(.upsert(try server.read(HTTPRoute.self, at: path(name))))
      }
      watches.httpRoutes.apply(.upsert(try put("b")))
      writer.submit(report(["a", "b"]))
      try await eventually("it says so again") { try message("b") == "fine" }
    }
    #expect(server.writes.filter { $0.hasPrefix("PATCH") && $0.hasSuffix("/a/status") }.count == 1)
    #expect(server.writes.filter { $0.hasPrefix("PATCH") && $0.hasSuffix("/b/status") }.count == 2)
  }
}
