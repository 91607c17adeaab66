import Foundation
import Logging
import Synchronization
import Testing

@testable import Observability

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite("Admin server on loopback")
struct AdminServerTests {
  private struct Answer {
    var status: Int
    var type: String
    var body: String
  }

  /// Runs a server on a free port for as long as the closure needs it.
  private func withServer(
    notReady: @escaping @Sendable () -> [String], degraded: @escaping @Sendable () -> [String] = { [] },
    _ work: @escaping @Sendable (Int) async throws -> Void
  ) async throws {
    let registry = MetricsRegistry()
    registry.counter("c_total", help: "C.").increment()
    let (ports, announce) = AsyncStream<Int>.makeStream(bufferingPolicy: .bufferingNewest(1))
    let server = AdminServer(
      configuration: .init(port: 0), registry: registry, notReady: notReady, degraded: degraded,
      routes: ["/routes": { "{\"listeners\":[]}" }], logger: Logger(label: "test"),
      onListening: { announce.yield($0) })
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.run() }
      for await port in ports {
        try await work(port)
        break
      }
      group.cancelAll()
      while let result = await group.nextResult() {
        if case .failure(let error) = result, !(error is CancellationError) { throw error }
      }
    }
  }

  private static func get(_ port: Int, _ path: String) async throws -> Answer {
    let url = try #require(URL(string: "http://127.0.0.1:\(port)\(path)"))
    let (data, response) = try await URLSession.shared.data(from: url)
    let http = try #require(response as? HTTPURLResponse)
    return Answer(
      status: http.statusCode, type: http.value(forHTTPHeaderField: "content-type") ?? "",
      body: String(decoding: data, as: UTF8.self))
  }

  @Test("What is wrong though all is ready is told beside ok: the pod stays in service")
  func degraded() async throws {
    try await withServer(notReady: { [] }, degraded: { ["cannot list nodes"] }) { port in
      let answer = try await Self.get(port, "/readyz")
      #expect(answer.status == 200)
      #expect(answer.body == "ok\ndegraded: cannot list nodes\n")
    }
  }

  @Test("Scrape, probes and JSON routes answer; readiness names what is missing until it is there")
  func routes() async throws {
    let ready = SharedFlag()
    try await withServer(notReady: { ready.isSet ? [] : ["no full list of pods yet"] }) { port in
      let metrics = try await Self.get(port, "/metrics")
      #expect(metrics.status == 200)
      #expect(metrics.type == "text/plain; version=0.0.4; charset=utf-8")
      #expect(metrics.body.contains("c_total 1\n"))
      #expect(try await Self.get(port, "/healthz").status == 200)
      let waiting = try await Self.get(port, "/readyz")
      #expect(waiting.status == 503)
      #expect(waiting.body == "not ready: no full list of pods yet\n")
      ready.set()
      #expect(try await Self.get(port, "/readyz").status == 200)
      let routes = try await Self.get(port, "/routes")
      #expect(routes.type == "application/json")
      #expect(routes.body == "{\"listeners\":[]}")
      #expect(try await Self.get(port, "/nothing").status == 404)
    }
  }

  /// Sends bytes as they are; the status of the answer, or `nil` where the connection ends without one.
  private static func raw(_ port: Int, _ text: String) throws -> Int? {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    try #require(connected == 0)
    _ = Array(text.utf8).withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    guard count > 12 else { return nil }
    return Int(String(decoding: buffer[9..<12], as: UTF8.self))
  }

  @Test("The gate stands before every route, also those that do not exist, whatever the request looks like")
  func gate() async throws {
    try await withServer(notReady: { [] }) { port in
      let cases: [(head: String, status: Int?)] = [
        ("GET /routes HTTP/1.1\r\nHost: localhost", 200), ("GET /routes HTTP/1.1\r\nHost: evil.example", 421),
        ("GET /nothing HTTP/1.1\r\nHost: evil.example", 421), ("POST /routes HTTP/1.1\r\nHost: evil.example", 421),
        ("GET /nothing HTTP/1.1\r\nHost: 127.0.0.1:\(port)", 404), ("GET /metrics HTTP/1.0", 200),
        ("GET /metrics HTTP/1.1\r\nHost: 10.0.0.1:9090", 200), ("GET /routes HTTP/1.1\r\nHost: 10.0.0.1:9090", 421),
        ("GET http://localhost/routes HTTP/1.1\r\nHost: evil.example", 421), ("GET /routes HTTP/1.0", 421),
        ("GET /routes HTTP/1.1\r\nHost: localhost\r\nhost: evil.example", 400),
        ("GET /routes HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example", 403),
        ("GET /metrics HTTP/1.1\r\nHost: localhost\r\nsec-fetch-site: cross-site", 403),
      ]
      for (head, status) in cases {
        let answer = try Self.raw(port, head + "\r\nConnection: close\r\n\r\n")
        #expect(answer == status, "\(head)")
      }
    }
  }

  @Test("A port in use is an error that names address and cure")
  func portInUse() async throws {
    try await withServer(notReady: { [] }) { port in
      let second = AdminServer(
        configuration: .init(port: port), registry: MetricsRegistry(), logger: Logger(label: "test"))
      let error = await #expect(throws: ListenError.self) { try await second.run() }
      #expect(error?.description.contains("127.0.0.1:\(port)") == true)
      #expect(error?.description.contains("in use") == true)
    }
  }
}

private final class SharedFlag: Sendable {
  private let flag = Atomic<Bool>(false)
  var isSet: Bool { flag.load(ordering: .relaxed) }
  func set() { flag.store(true, ordering: .relaxed) }
}
