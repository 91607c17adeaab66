import Foundation
import KubernetesAPI
import KubernetesClient
import Logging
import Synchronization
import TestSupport
import Testing

/// The watcher, the client and the transport together, against a server whose every answer is written here.
@Suite(.timeLimit(.minutes(1))) struct WatcherTests {
  private static func map(_ name: String, _ version: Int, data: String = "{}") -> String {
    let meta = #"{"name":"\#(name)","namespace":"n","resourceVersion":"\#(version)"}"#
    return #"{"metadata":\#(meta),"data":\#(data)}"#
  }

  private static func list(_ version: Int, next: String = "", _ items: String...) -> String {
    let meta = #"{"resourceVersion":"\#(version)","continue":"\#(next)"}"#
    return #"{"kind":"ConfigMapList","metadata":\#(meta),"items":[\#(items.joined(separator: ","))]}"#
  }

  private static func event(_ type: String, _ object: String) -> String {
    #"{"type":"\#(type)","object":\#(object)}"# + "\n"
  }

  private func watcher(
    _ url: String, _ store: Store<ConfigMap>, observer: WatchObserver = WatchObserver(),
    onUndecodable: @escaping @Sendable (UndecodableObject) -> Void = { _ in }
  ) throws -> Watcher<ConfigMap> {
    let client = APIClient(configuration: ClientConfiguration(server: url), transport: try CurlTransport())
    let configuration = WatcherConfiguration(pageSize: 2, jitter: { 0 }, sleep: { _ in await Task.yield() })
    return Watcher(
      client: client, store: store, configuration: configuration, observer: observer, onUndecodable: onUndecodable)
  }

  /// Runs `watcher` until the store holds exactly `names`.
  private func run(
    _ watcher: Watcher<ConfigMap>, _ store: Store<ConfigMap>, _ rings: ChangeSignal, until names: [String]
  )
    async throws
  {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await watcher.run() }
      for await _ in rings.rings() where store.snapshot?.keys.map(\.name).sorted() == names { break }
      group.cancelAll()
      try await group.waitForAll()
    }
  }

  @Test func pagesEventsResumptionAndStartingOver() async throws {
    let watches = Atomic(0)
    let server = try TinyServer { request, connection in
      switch (request.target.contains("watch=true"), request.target) {
      case (false, let target) where target.contains("continue=more"):
        connection.answer("200 OK", body: Self.list(10, Self.map("c", 3)))
      case (false, _) where watches.load(ordering: .acquiring) < 3:
        connection.answer("200 OK", body: Self.list(10, next: "more", Self.map("a", 1), Self.map("b", 2)))
      case (false, _): connection.answer("200 OK", body: Self.list(50, Self.map("z", 50)))
      case (true, let target):
        switch watches.add(1, ordering: .acquiringAndReleasing).newValue {
        case 1:
          // Cut in the middle of an event: the connection is gone, and with it the half of "e".
          connection.beginStream()
          connection.write(Self.event("ADDED", Self.map("d", 11)) + Self.event("DELETED", Self.map("a", 12)))
          connection.write(#"{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"13"}}}"# + "\n{\"type\":")
        case 2:
          connection.beginStream()
          connection.write(Self.event("ADDED", Self.map("e", 14)))
        case 3:
          connection.beginStream()
          connection.write(Self.event("ERROR", #"{"reason":"Expired","code":410,"message":"too old"}"#))
        default:
          connection.beginStream()
          if target.contains("resourceVersion=50&") { connection.write(Self.event("ADDED", Self.map("y", 51))) }
          connection.waitForClose()
        }
      }
    }
    let signal = ChangeSignal()
    let store = Store<ConfigMap>(signal: signal)
    let heard = Mutex<[String]>([])
    let observer = WatchObserver(
      event: { type in heard.withLock { $0.append(type.rawValue) } },
      restart: { reason in heard.withLock { $0.append(reason.rawValue) } })
    try await run(watcher(server.url, store, observer: observer), store, signal, until: ["y", "z"])
    let story = ["ADDED", "DELETED", "BOOKMARK", "ended", "ADDED", "ended", "ERROR", "expired", "ADDED"]
    #expect(heard.withLock { Array($0.prefix(9)) } == story)
    let lines = server.requests.map(\.target)
    #expect(lines.first == "/api/v1/configmaps?limit=2")
    #expect(lines.dropFirst().first == "/api/v1/configmaps?limit=2&continue=more")
    let points = lines.filter { $0.contains("watch=true") }.prefix(4).map { line in
      line.split(separator: "&").first { $0.hasPrefix("resourceVersion=") }?.dropFirst(16) ?? ""
    }
    #expect(points == ["10", "13", "14", "50"], "from the list, the bookmark, the last event, the second list")
  }

  @Test func anObjectThatDoesNotDecodeIsReportedAndKeptAsItWasAndTheWatchGoesOn() async throws {
    let bad = Self.map("bad", 11, data: #""no map""#)
    let gone = Self.map("gone", 12, data: #""no map""#)
    let server = try TinyServer { request, connection in
      guard request.target.contains("watch=true") else {
        let maps = [Self.map("bad", 1), Self.map("worse", 2, data: "7"), Self.map("gone", 3)]
        connection.answer("200 OK", body: Self.list(10, maps.joined(separator: ",")))
        return
      }
      connection.beginStream()
      connection.write(Self.event("MODIFIED", bad) + "no JSON\n" + Self.event("DELETED", gone))
      connection.write(Self.event("ADDED", Self.map("good", 13)))
      connection.waitForClose()
    }
    let reports = Mutex<[UndecodableObject]>([])
    let signal = ChangeSignal()
    let store = Store<ConfigMap>(signal: signal)
    let watcher = try watcher(server.url, store) { report in reports.withLock { $0.append(report) } }
    try await run(watcher, store, signal, until: ["bad", "good"])
    #expect(store.undecodable.map(\.key.name) == ["bad", "worse"])
    let names = reports.withLock { $0 }
    #expect(names.map(\.key.name) == ["worse", "bad", ""])
    #expect(names.allSatisfy { $0.reason.contains("data") || $0.key.name.isEmpty })
  }

  @Test func aKindThatIsServedNoMoreHasNoObjectsUntilItIsServedAgain() async throws {
    let isServed = Atomic(true)
    let gone = DispatchSemaphore(value: 0)
    let lists = Atomic(0)
    let server = try TinyServer { request, connection in
      guard isServed.load(ordering: .acquiring) else {
        if request.target == "/api/v1" {
          connection.answer("200 OK", body: #"{"kind":"APIResourceList","resources":[{"name":"pods"}]}"#)
          return
        }
        connection.answer("404 Not Found", body: "404 page not found\n")
        return
      }
      if request.target.contains("watch=true") {
        connection.beginStream()
        gone.wait()
        isServed.store(false, ordering: .releasing)
      } else {
        let version = lists.add(1, ordering: .acquiringAndReleasing).newValue
        connection.answer("200 OK", body: Self.list(version, Self.map(version == 1 ? "old" : "new", version)))
      }
    }
    let signal = ChangeSignal()
    let store = Store<ConfigMap>(signal: signal)
    let heard = Mutex<Set<WatchObserver.RestartReason>>([])
    let observer = WatchObserver(restart: { reason in _ = heard.withLock { $0.insert(reason) } })
    let watcher = try watcher(server.url, store, observer: observer)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await watcher.run() }
      var seen: [[String]] = []
      for await _ in signal.rings() {
        guard let names = store.snapshot?.keys.map(\.name), seen.last != names else { continue }
        seen.append(names)
        if names == ["old"] { gone.signal() }
        if names == [] { isServed.store(true, ordering: .releasing) }
        if names == ["new"] { break }
      }
      #expect(seen == [["old"], [], ["new"]])
      group.cancelAll()
      gone.signal()
      try await group.waitForAll()
    }
    #expect(heard.withLock { $0 }.contains(.notServed))
  }

  /// What a proxy in front of the server may answer while the server is away; each row is its answer to discovery.
  @Test(arguments: [
    ("404 Not Found", "404 page not found\n"), ("200 OK", "<html>welcome</html>"), ("200 OK", #"{"resources":[]}"#),
    ("503 Service Unavailable", ""), ("403 Forbidden", #"{"reason":"Forbidden","code":403}"#),
    ("200 OK", #"{"kind":"APIResourceList","resources":[{"name":"configmaps"}]}"#),
  ])
  func a404ThatDiscoveryDoesNotAgreeWithEmptiesNothing(status: String, body: String) async throws {
    let isProxy = Atomic(false)
    let discoveries = Atomic(0)
    let server = try TinyServer { request, connection in
      if !isProxy.load(ordering: .acquiring) {
        guard request.target.contains("watch=true") else {
          connection.answer("200 OK", body: Self.list(1, Self.map("a", 1)))
          return
        }
        isProxy.store(true, ordering: .releasing)
        connection.beginStream()
      } else if request.target == "/api/v1" {
        discoveries.add(1, ordering: .acquiringAndReleasing)
        connection.answer(status, body: body)
      } else {
        connection.answer("404 Not Found", body: "404 page not found\n")
      }
    }
    let store = Store<ConfigMap>(signal: ChangeSignal())
    let failures = Mutex<[String]>([])
    let observer = WatchObserver(outcome: { verb, error in
      if let error { failures.withLock { $0.append("\(verb) \(error)") } }
    })
    let watcher = try watcher(server.url, store, observer: observer)
    try await whileRunning({ try await watcher.run() }) {
      try await eventually("discovery was asked") { discoveries.load(ordering: .acquiring) >= 3 }
    }
    #expect(store.snapshot?.keys.map(\.name) == ["a"])
    #expect(failures.withLock { $0.contains { $0.hasPrefix("list ") } }, "it is told")
  }

  /// One policy a call: a watcher waits after each request that fails, and nothing under it tries on its own.
  @Test func eachFailureCostsOneRequest() async throws {
    let asked = Atomic(0)
    let server = try TinyServer { _, connection in
      asked.add(1, ordering: .acquiringAndReleasing)
      connection.answer("503 Service Unavailable", headers: ["Retry-After: 0"])
    }
    let waits = Atomic(0)
    let configuration = WatcherConfiguration(
      jitter: { 0 },
      sleep: { _ in if waits.add(1, ordering: .acquiringAndReleasing).newValue == 5 { throw CancellationError() } })
    let client = APIClient(configuration: ClientConfiguration(server: server.url), transport: try CurlTransport())
    try await Watcher(client: client, store: Store<ConfigMap>(), configuration: configuration).run()
    #expect(asked.load(ordering: .acquiring) == 5)
  }

  @Test func failuresAreTriedAgainUntilTheyEnd() async throws {
    let tries = Atomic(0)
    let server = try TinyServer { request, connection in
      guard request.target.contains("watch=true") else {
        switch tries.add(1, ordering: .acquiringAndReleasing).newValue {
        case 1: connection.answer("403 Forbidden", body: #"{"reason":"Forbidden","code":403}"#)
        case 2: connection.answer("200 OK", body: "no JSON")
        default: connection.answer("200 OK", body: Self.list(1, Self.map("a", 1)))
        }
        return
      }
      connection.beginStream()
      connection.waitForClose()
    }
    let signal = ChangeSignal()
    let store = Store<ConfigMap>(signal: signal)
    try await run(watcher(server.url, store), store, signal, until: ["a"])
  }

  @Test func aKindThatMayBeListedAndNotWatchedIsWarnedOfWithTheCureOnceAMinuteAndListedMeanwhile() async throws {
    let lists = Atomic(0)
    let server = try TinyServer { request, connection in
      guard request.target.contains("watch=true") else {
        let number = lists.add(1, ordering: .relaxed).newValue
        connection.answer("200 OK", body: Self.list(number, Self.map("map\(number)", number)))
        return
      }
      connection.answer("403 Forbidden", body: #"{"reason":"Forbidden","code":403,"message":"no"}"#)
    }
    let warnings = Warnings()
    let store = Store<ConfigMap>(signal: ChangeSignal())
    let start = ContinuousClock.now
    let looks = Atomic(0)
    let waits = Atomic(0)
    let configuration = WatcherConfiguration(
      jitter: { 0 },
      // The clock is read at the beginning and at the end of each watch: one takes twenty seconds.
      now: { start + .seconds(10) * looks.add(1, ordering: .relaxed).newValue },
      sleep: { _ in if waits.add(1, ordering: .relaxed).newValue == 7 { throw CancellationError() } })
    let client = APIClient(configuration: ClientConfiguration(server: server.url), transport: try CurlTransport())
    let watcher = Watcher(
      client: client, store: store, configuration: configuration,
      logger: Logger(label: "test") { _ in warnings })
    try await watcher.run()
    let told = warnings.lines.withLock { $0 }
    #expect(told.count == 3, "of seven refusals in 140 seconds")
    #expect(store.snapshot?.keys.map(\.name) == ["map7"])
    #expect(told.allSatisfy { $0.contains("the verb watch on configmaps") })
  }
}

/// Keeps the lines that somebody should read.
private final class Warnings: LogHandler {
  let lines = Mutex<[String]>([])
  var logLevel: Logger.Level {
    get { .warning }
    set {}
  }
  var metadata: Logger.Metadata {
    get { [:] }
    set {}
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { nil }
    set {}
  }

  func log(event: LogEvent) {
    lines.withLock { $0.append("\(event.message)") }
  }
}
