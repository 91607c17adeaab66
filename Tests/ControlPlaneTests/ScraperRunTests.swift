import KubernetesClient
import Observability
import Routing
import Synchronization
import TestSupport
import Testing

@testable import ControlPlane

@Suite("The scraper at work", .timeLimit(.minutes(1)))
struct ScraperRunTests {
  /// Model servers by address: each answers with its page, and those without one are not there.
  private final class Servers: HTTPTransport {
    struct State {
      var requests: [String: Int] = [:]
      var open = 0
      var mostOpen = 0
    }

    let state = Mutex(State())
    let down: Set<String>

    init(down: Set<String> = []) { self.down = down }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
      state.withLock { state in
        state.requests[request.url, default: 0] += 1
        state.open += 1
        state.mostOpen = max(state.mostOpen, state.open)
      }
      defer { state.withLock { $0.open -= 1 } }
      try await Task.sleep(for: .milliseconds(1))
      if down.contains(request.url) { throw HTTPTransportError.cannotConnect("refused") }
      let page = #"vllm:num_requests_waiting{model_name="m"} 7.0"# + "\n"
      return HTTPResponse(status: 200, headers: [:], body: HTTPBody([Array(page.utf8)]))
    }

    func requests(_ endpoint: EndpointID) -> Int {
      state.withLock { $0.requests["http://\(endpoint)/metrics"] ?? 0 }
    }
  }

  private let registry = MetricsRegistry()
  private let table = Published(RoutingTable())
  private let states = EndpointStates()

  private func endpoint(_ number: Int) -> EndpointID {
    EndpointID(address: "10.0.\(number / 256).\(number % 256)", port: 8000)
  }

  private func publish(_ endpoints: [EndpointID]) {
    let pool = PoolID(.inferencePool, ObjectName(namespace: "default", name: "gemma3"))
    let pod = ObjectName(namespace: "default", name: "pod")
    table.publish(
      RoutingTable(pools: [pool: Pool(id: pool, endpoints: endpoints.map { Endpoint(id: $0, pod: pod) })]))
  }

  private func scraper(_ servers: Servers) -> MetricsScraper {
    let pauses = ScrapeSchedule.Configuration(
      idleInterval: 5_000_000, firstBackoff: 5_000_000, longestBackoff: 10_000_000)
    return MetricsScraper(
      table: table, states: states, transport: servers,
      control: ControlInstruments(registry: registry),
      logger: quietLogger, configuration: MetricsScraper.Configuration(schedule: pauses))
  }

  @Test("endpoints are read again and again; one that fails is marked so and tried again")
  func reads() async throws {
    let servers = Servers(down: ["http://\(endpoint(2))/metrics"])
    let scraper = scraper(servers)
    publish([endpoint(1), endpoint(2)])
    try await whileRunning({ try await scraper.run() }) {
      try await eventually("both are read often") {
        [endpoint(1), endpoint(2)].allSatisfy { servers.requests($0) > 3 }
      }
      try await eventually("the load is published") { states.known(endpoint(1))?.load?.waiting == 7 }
    }
    #expect(states.known(endpoint(2))?.load == nil)
    let text = registry.render()
    #expect(
      text.contains(
        #"switchyard_scrapes_total{kind="InferencePool",namespace="default",name="gemma3",result="failed"}"#))
    #expect(
      text.contains(#"switchyard_scrapes_total{kind="InferencePool",namespace="default",name="gemma3",result="ok"}"#))
  }

  @Test("an endpoint that comes is read, one that goes is not, and its load is forgotten")
  func comingAndGoing() async throws {
    let servers = Servers()
    let scraper = scraper(servers)
    publish([endpoint(1)])
    try await whileRunning({ try await scraper.run() }) {
      try await eventually("the first is read") { states.known(endpoint(1))?.load != nil }
      publish([endpoint(2)])
      try await eventually("only the second is known") {
        states.known(endpoint(2))?.load != nil && states.known(endpoint(1))?.load == nil
      }
      let before = (servers.requests(endpoint(1)), servers.requests(endpoint(2)))
      try await eventually("the second is read on") { servers.requests(endpoint(2)) > before.1 + 3 }
      #expect(servers.requests(endpoint(1)) == before.0)
    }
  }

  @Test("a thousand endpoints are all read, never more than 32 at once")
  func many() async throws {
    let servers = Servers()
    let scraper = scraper(servers)
    let endpoints = (0..<1000).map(endpoint)
    publish(endpoints)
    try await whileRunning({ try await scraper.run() }) {
      try await eventually("all have a load") { endpoints.allSatisfy { states.known($0)?.load != nil } }
    }
    #expect(servers.state.withLock { $0.mostOpen } <= 32)
  }

  @Test("a busy endpoint is read soon, though its next read was far away")
  func becomesBusy() async throws {
    let servers = Servers()
    let scraper = MetricsScraper(
      table: table, states: states, transport: servers,
      control: ControlInstruments(registry: registry),
      logger: quietLogger,
      configuration: .init(
        schedule: .init(busyInterval: 1_000_000, idleInterval: 3_600_000_000_000), lookInterval: 5_000_000))
    publish([endpoint(1)])
    try await whileRunning({ try await scraper.run() }) {
      try await eventually("it is read once") { servers.requests(endpoint(1)) == 1 }
      states.state(of: endpoint(1)).begin()
      try await eventually("it is read often") { servers.requests(endpoint(1)) > 5 }
    }
  }
}
