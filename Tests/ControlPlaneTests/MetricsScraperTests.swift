import KubernetesClient
import Observability
import Routing
import Synchronization
import TestSupport
import Testing

@testable import ControlPlane

@Suite("Reading model servers' metrics")
struct MetricsScraperTests {
  /// Answers `GET /metrics` with a page that can be changed.
  private final class Page: HTTPTransport {
    let answer: Mutex<(status: Int, text: String)>
    let models = Mutex("")
    let urls = Mutex<[String]>([])

    init(_ text: String) { answer = Mutex((200, text)) }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
      urls.withLock { $0.append(request.url) }
      if request.url.hasSuffix("/v1/models") {
        return HTTPResponse(status: 200, headers: [:], body: HTTPBody([models.withLock { Array($0.utf8) }]))
      }
      let (status, text) = answer.withLock { $0 }
      return HTTPResponse(status: status, headers: [:], body: HTTPBody([Array(text.utf8)]))
    }
  }

  private let endpoint = EndpointID(address: "10.0.0.1", port: 8000)
  private let table: Published<RoutingTable>
  private let states = EndpointStates()
  private let registry = MetricsRegistry()
  private let page = Page(
    """
    vllm:num_requests_running{engine="0",model_name="m"} 3.0
    vllm:num_requests_waiting{engine="0",model_name="m"} 7.0
    vllm:kv_cache_usage_perc{engine="0",model_name="m"} 0.5

    """)
  private let scraper: MetricsScraper

  init() {
    let pool = PoolID(.inferencePool, ObjectName(namespace: "default", name: "gemma3"))
    let service = PoolID(.service, ObjectName(namespace: "default", name: "web"), port: 80)
    let pod = ObjectName(namespace: "default", name: "pod-0")
    table = Published(
      RoutingTable(pools: [
        pool: Pool(id: pool, endpoints: [Endpoint(id: endpoint, pod: pod)]),
        service: Pool(
          id: service, endpoints: [Endpoint(id: EndpointID(address: "10.0.0.9", port: 80), pod: pod)]),
      ]))
    scraper = MetricsScraper(
      table: table, states: states, transport: page,
      control: ControlInstruments(registry: registry), logger: quietLogger, configuration: .init(modelsInterval: 0))
  }

  @Test("a page becomes the endpoint's load")
  func load() async {
    scraper.tableChanged()
    await scraper.read(endpoint)
    let load = states.known(endpoint)?.load
    #expect(load?.waiting == 7)
    #expect(load?.running == 3)
    #expect(load?.kvCacheUsage == 0.5)
    #expect(page.urls.withLock { $0.first } == "http://10.0.0.1:8000/metrics")
  }

  @Test("an endpoint names its models; what is no list leaves the last one, and what left the table is forgotten")
  func models() async {
    scraper.tableChanged()
    page.models.withLock { $0 = #"{"object":"list","data":[{"id":"gemma"},{"id":"tuned","parent":"gemma"}]}"# }
    await scraper.read(endpoint)
    let named = [ServedModel("gemma"), ServedModel("tuned", parent: "gemma")]
    #expect(states.known(endpoint)?.served == named)
    #expect(page.urls.withLock { $0.last } == "http://10.0.0.1:8000/v1/models")
    for answer in ["", "<html>", #"{"data":{}}"#] {
      page.models.withLock { $0 = answer }
      await scraper.read(endpoint)
      #expect(states.known(endpoint)?.served == named)
    }
    table.publish(RoutingTable())
    scraper.tableChanged()
    #expect(states.known(endpoint)?.served == [])
  }

  @Test("an endpoint without metrics is asked for its models too, and none is asked each time")
  func modelsAlone() async {
    let patient = MetricsScraper(
      table: table, states: states, transport: page, control: ControlInstruments(registry: registry),
      logger: quietLogger)
    patient.tableChanged()
    page.answer.withLock { $0 = (404, "") }
    page.models.withLock { $0 = #"{"data":[{"id":"gemma"}]}"# }
    for _ in 0..<3 { await patient.read(endpoint) }
    #expect(states.known(endpoint)?.served == [ServedModel("gemma")])
    #expect(page.urls.withLock { $0.filter { $0.hasSuffix("/v1/models") } }.count == 1)
  }

  @Test(
    "an answer that is of no use leaves the last load as it was",
    arguments: [(503, ""), (200, "<html>"), (404, "vllm:num_requests_waiting 9")])
  func useless(_ status: Int, _ text: String) async {
    scraper.tableChanged()
    await scraper.read(endpoint)
    page.answer.withLock { $0 = (status, text) }
    await scraper.read(endpoint)
    #expect(states.known(endpoint)?.load?.waiting == 7)
  }

  @Test("the load of what left the table is forgotten")
  func forgotten() async {
    scraper.tableChanged()
    await scraper.read(endpoint)
    table.publish(RoutingTable())
    scraper.tableChanged()
    #expect(states.known(endpoint)?.load == nil)
  }
}
