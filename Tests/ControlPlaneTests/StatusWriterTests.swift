import JSONText
import KubernetesAPI
import KubernetesClient
import Observability
import TestSupport
import Testing
import Translation

@testable import ControlPlane

@Suite("What the status writer asks of the API server")
struct StatusWriterTests {
  private let server = MemoryAPIServer()
  private let watches: WatchSet
  private let writer: StatusWriter
  private let path = "/apis/gateway.networking.k8s.io/v1/namespaces/default/httproutes/llm"
  private let key = StatusKey(kind: .httpRoute, object: ObjectKey(namespace: "default", name: "llm"))

  init() {
    let logger = quietLogger
    let client = APIClient(
      configuration: ClientConfiguration(server: "http://memory"), transport: server, logger: logger)
    watches = WatchSet(client: client, logger: logger)
    writer = StatusWriter(
      client: client, watches: watches, instruments: ControlInstruments(registry: MetricsRegistry()), logger: logger,
      seconds: { 1_700_000_000 })
  }

  private func entry(_ controller: String, _ status: String = "True", _ message: String = "") -> RouteParentStatus {
    RouteParentStatus(
      parentRef: ParentReference(name: "gw"), controllerName: controller,
      conditions: [Condition(type: "Accepted", status: status, reason: "R", message: message)])
  }

  private func desired(_ status: String = "True", _ message: String = "") -> DesiredStatus {
    .route([entry("switchyard.dev/gateway-controller", status, message)])
  }

  private func putRoute(_ parents: [RouteParentStatus] = []) throws -> HTTPRoute {
    try server.put(
      HTTPRoute(
        metadata: ObjectMeta(name: "llm", namespace: "default", uid: "u"), spec: HTTPRouteSpec(),
        status: RouteStatus(parents: parents)))
  }

  private func isDone(_ desired: DesiredStatus) async -> Bool {
    if case .done = await writer.write(key, desired) { true } else { false }
  }

  private var statusWrites: Int { server.writes.filter { $0 == "PATCH \(path)/status" }.count }

  @Test("a status is written once; the same wish again asks nothing, before and after the watch brings the write")
  func zeroWrites() async throws {
    watches.httpRoutes.apply(.replaceAll([try putRoute()]))
    let first = await writer.write(key, desired())
    #expect(statusWrites == 1)
    #expect(await writer.write(key, desired()) == first)
    let written = try server.read(HTTPRoute.self, at: path)
    watches.httpRoutes.apply(.upsert(written))
    #expect(await writer.write(key, desired()) == first)
    #expect(statusWrites == 1)
    #expect(first == .done(version: written.metadata.resourceVersion))
  }

  @Test("numbers of a pool are numbers only; another status, reason, generation or condition is more")
  func numbers() {
    func pool(_ conditions: [Condition]) -> DesiredStatus {
      .inferencePool([PoolParentStatus(parentRef: ParentReference(name: "gw"), conditions: conditions)])
    }
    let ready = Condition(
      type: "EndpointsReady", status: "True", reason: "EndpointsReady", message: "2 of 3 ready", observedGeneration: 1)
    var other = ready
    other.message = "3 of 3 ready"
    #expect(pool([other]).saysTheSameButForNumbers(as: pool([ready])))
    for change: (inout Condition) -> Void in [
      { $0.status = "False" }, { $0.reason = "NoPodReady" }, { $0.observedGeneration = 2 }, { $0.type = "Accepted" },
    ] {
      var changed = other
      change(&changed)
      #expect(!pool([changed]).saysTheSameButForNumbers(as: pool([ready])))
    }
    #expect(!pool([ready, ready]).saysTheSameButForNumbers(as: pool([ready])))
    #expect(!desired("True", "one").saysTheSameButForNumbers(as: desired("True", "two")))
  }

  @Test("a write that the server cannot take now is asked once: the queue decides when again, and nobody else does")
  func oneRetryPolicy() async throws {
    watches.httpRoutes.apply(.replaceAll([try putRoute()]))
    server.trouble("PATCH", .refuse(503, reason: "ServiceUnavailable", retryAfter: 0))
    #expect(await writer.write(key, desired()) == .failed(retryAfter: 0))
    #expect(server.asked.count { $0.hasPrefix("PATCH") } == 1)
  }

  @Test("the status of an object that does not decode is left alone: what others wrote into it would be lost")
  func undecodable() async throws {
    watches.httpRoutes.apply(.replaceAll([try putRoute()]))
    watches.httpRoutes.apply(.mark(UndecodableObject(type: HTTPRoute.type, key: key.object, reason: "spec: no")))
    #expect(await isDone(desired()))
    #expect(server.writes.isEmpty)
  }

  @Test("a second wish before the watch brings the first write is based on that write: no conflict")
  func basedOnOwnWrite() async throws {
    watches.httpRoutes.apply(.replaceAll([try putRoute()]))
    _ = await writer.write(key, desired("True"))
    #expect(await isDone(desired("False", "gone")))
    let route = try server.read(HTTPRoute.self, at: path)
    #expect(route.status?.parents.first?.conditions.first?.message == "gone")
  }

  @Test("the watch may bring any of our own writes late: none is taken for somebody else's")
  func ownChain() async throws {
    watches.httpRoutes.apply(.replaceAll([try putRoute()]))
    var versions: [HTTPRoute] = []
    for number in 1...3 {
      #expect(await isDone(desired("True", "\(number)")))
      versions.append(try server.read(HTTPRoute.self, at: path))
    }
    for (number, late) in zip(4..., versions) {
      watches.httpRoutes.apply(.upsert(late))
      #expect(await isDone(desired("True", "\(number)")), "write \(number)")
    }
    let theirs = try putRoute([entry("example.com/other")])
    #expect(await writer.write(key, desired("True", "mine")) == .conflict)
    watches.httpRoutes.apply(.upsert(theirs))
    #expect(await isDone(desired("True", "mine")))
    let controllers = try server.read(HTTPRoute.self, at: path).status?.parents.map(\.controllerName)
    #expect(controllers == ["example.com/other", "switchyard.dev/gateway-controller"])
  }

  @Test("somebody else's write in between is a conflict, and theirs is kept when the newer object is known")
  func conflict() async throws {
    watches.httpRoutes.apply(.replaceAll([try putRoute()]))
    let newer = try putRoute([entry("example.com/other")])
    #expect(await writer.write(key, desired()) == .conflict)
    watches.httpRoutes.apply(.upsert(newer))
    #expect(await isDone(desired()))
    let controllers = try server.read(HTTPRoute.self, at: path).status?.parents.map(\.controllerName)
    #expect(controllers == ["example.com/other", "switchyard.dev/gateway-controller"])
  }

  @Test("our entry is taken back from a route that no longer names our Gateway")
  func takenBack() async throws {
    watches.httpRoutes.apply(.replaceAll([try putRoute([entry("switchyard.dev/gateway-controller")])]))
    #expect(await isDone(.route([])))
    #expect(server.object(path)?["status"] == ["parents": []])
  }

  @Test("that entries of others leave too little place is told once, and again after there was place")
  func full() {
    let state = StatusWriterState()
    #expect([true, true, false, true].map { state.setFull($0, key) } == [true, false, false, true])
    state.submit(StatusReport(), version: { _ in nil })
    #expect(state.setFull(true, key), "an object that went away is forgotten")
  }

  @Test("a Gateway that went to another controller is no more ours when pool entries are judged")
  func left() throws {
    let state = StatusWriterState()
    let (ours, theirs) = (ObjectKey(namespace: "default", name: "ours"), ObjectKey(namespace: "default", name: "left"))
    var report = StatusReport(
      gateways: [ours: GatewayStatus(), theirs: GatewayStatus()],
      inferencePoolsV1Alpha2: [ObjectKey(namespace: "default", name: "pool"): []])
    report.leftGateways = [theirs]
    state.submit(report, version: { _ in nil })
    let taken = state.take(now: 0).map(\.desired)
    let judges = taken.compactMap { desired -> OwnGateways? in
      if case .inferencePoolV1Alpha2(_, let gateways) = desired { gateways } else { nil }
    }
    #expect(judges.map(\.now) == [[ours]])
  }

  @Test("an object that is gone, here or there, is nothing to write")
  func gone() async throws {
    watches.httpRoutes.apply(.replaceAll([]))
    #expect(await writer.write(key, desired()) == .done(version: nil))
    #expect(server.writes.isEmpty)
    let route = try putRoute()
    watches.httpRoutes.apply(.replaceAll([route]))
    server.trouble("PATCH", .refuse(404, reason: "NotFound"))
    #expect(await writer.write(key, desired()) == .gone)
  }

  @Test("a pause that the server asks for is passed on with the failure")
  func retryAfter() async throws {
    watches.httpRoutes.apply(.replaceAll([try putRoute()]))
    server.trouble("PATCH", .refuse(429, reason: "TooManyRequests", retryAfter: 3600))
    #expect(await writer.write(key, desired()) == .failed(retryAfter: 3600 * 1_000_000_000))
    server.trouble("PATCH", .refuse(500, reason: "InternalError"))
    #expect(await writer.write(key, desired()) == .failed())
  }

  @Test("a flip is told as an Event; the same flip again counts it up")
  func events() async throws {
    watches.httpRoutes.apply(.replaceAll([try putRoute()]))
    for status in ["True", "False", "True", "False"] { _ = await writer.write(key, desired(status, "is \(status)")) }
    try await whileRunning({ [writer] in try await writer.run() }) {
      try await eventually("four notes are told") { events.count == 4 }
    }
    #expect(events.filter { $0.hasPrefix("POST") }.count == 2)
    #expect(events.filter { $0.hasPrefix("PATCH") }.count == 2)
    let name = try #require(events.last?.split(separator: "/").last)
    let event = try server.read(Event.self, at: "/api/v1/namespaces/default/events/\(name)")
    #expect(event.count == 2)
    #expect(event.type == "Warning")
    #expect(event.involvedObject.uid == "u")
    #expect(event.message == "Gateway default/gw: is False")
  }

  private var events: [String] { server.writes.filter { $0.contains("/namespaces/default/events") } }
}
