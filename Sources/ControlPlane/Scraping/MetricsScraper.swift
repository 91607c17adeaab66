import Foundation
public import KubernetesClient
public import Logging
public import Observability
public import Routing
public import ServiceLifecycle

/// Reads `/metrics` of every endpoint of the table's InferencePools into the endpoints' states, where the picker looks; and now and
/// then `/v1/models`, for clients that ask which models there are.
///
/// Busy endpoints are read often, idle ones seldom, failing ones ever less (``ScrapeSchedule``). An endpoint whose
/// metrics cannot be read keeps its last load, which ages until the picker ignores it; it is never taken out of its
/// pool for that.
public struct MetricsScraper: ServiceLifecycle.Service {
  /// How the scraper behaves.
  public struct Configuration: Sendable {
    /// The pauses between two reads of one endpoint.
    public var schedule: ScrapeSchedule.Configuration
    /// How long one read may take.
    public var timeout: Duration
    /// How often the in-flight counts are looked at, so that an endpoint that becomes busy is read soon; nanoseconds.
    public var lookInterval: UInt64
    /// The path of the metrics page.
    public var path: String
    /// The longest page that is read, in bytes.
    public var longestPage: Int
    /// About how long an endpoint is not asked again for its models, in nanoseconds; each time up to a fifth more or less.
    public var modelsInterval: UInt64
    /// The longest list of models that is read, in bytes.
    public var longestModelsPage: Int

    /// By default one second for a read: of `/metrics` up to 4 MB, and each 10 s of `/v1/models` up to 1 MB.
    public init(
      schedule: ScrapeSchedule.Configuration = ScrapeSchedule.Configuration(), timeout: Duration = .seconds(1),
      lookInterval: UInt64 = 100_000_000, path: String = "/metrics", longestPage: Int = 4 << 20,
      modelsInterval: UInt64 = 10_000_000_000, longestModelsPage: Int = 1 << 20
    ) {
      self.schedule = schedule
      self.timeout = timeout
      self.lookInterval = lookInterval
      self.path = path
      self.longestPage = longestPage
      self.modelsInterval = modelsInterval
      self.longestModelsPage = longestModelsPage
    }
  }

  private let table: Published<RoutingTable>
  private let states: EndpointStates
  private let transport: any HTTPTransport
  private let control: ControlInstruments
  private let logger: Logger
  private let configuration: Configuration
  private let state: ScraperState
  private let signal = ChangeSignal()

  /// A scraper of the endpoints in `table`.
  ///
  /// - Parameters:
  ///   - states: where the loads are kept, and the requests under way, which tell busy endpoints from idle ones.
  public init(
    table: Published<RoutingTable>, states: EndpointStates, transport: any HTTPTransport, control: ControlInstruments,
    logger: Logger,
    configuration: Configuration = Configuration()
  ) {
    self.table = table
    self.states = states
    self.transport = transport
    self.control = control
    self.logger = logger
    self.configuration = configuration
    state = ScraperState(schedule: ScrapeSchedule(configuration: configuration.schedule), states: states)
  }

  /// Runs until cancelled or gracefully shut down.
  public func run() async throws {
    let changes = table.changes()
    await cancelWhenGracefulShutdown {
      await withDiscardingTaskGroup { group in
        group.addTask {
          for await _ in changes { tableChanged() }
        }
        await AlarmLoop(signal: signal, rest: Self.rest).run { step(&$0) }
        group.cancelAll()
      }
    }
  }

  /// Each step looks at all endpoints; with a thousand busy ones, a read ends every tenth of a millisecond.
  private static let rest = Duration.milliseconds(5)

  /// Takes over the endpoints of the newest table.
  func tableChanged() {
    let pools = table.current.pools.values.filter { $0.id.kind != .service }
    state.setPools(pools)
    signal.ring()
  }

  private func step(_ group: inout DiscardingTaskGroup) -> UInt64? {
    let now = Monotonic.now
    let busy = states.busy
    for endpoint in state.takeDue(now: now, busy: busy) {
      group.addTask {
        await read(endpoint)
        signal.ring()
      }
    }
    guard let due = state.nextDue(busy: busy) else { return nil }
    return min(due, now + configuration.lookInterval)
  }

  /// Reads one endpoint's metrics, and its models if it is time.
  func read(_ endpoint: EndpointID) async {
    let pool = state.pool(of: endpoint)
    let name = pool?.object.description ?? ""
    do {
      let load = try await load(of: endpoint)
      await readModels(of: endpoint)
      if state.finished(endpoint, load: load) > 0 {
        logger.info("metrics can be read again", metadata: ["endpoint": "\(endpoint)", "pool": "\(name)"])
      }
      count("ok", pool)
    } catch {
      guard !Task.isCancelled else { return }
      // It answers, if not with metrics.
      if error is ScrapeError { await readModels(of: endpoint) }
      count("failed", pool)
      if state.finished(endpoint, load: nil) == 0 {
        logger.info(
          "metrics cannot be read; picking goes on without them",
          metadata: ["endpoint": "\(endpoint)", "pool": "\(name)", "error": "\(error)"])
      }
    }
  }

  private func count(_ result: String, _ pool: PoolID?) {
    guard let pool else { return }
    control.scrapes.increment([pool.kind.rawValue, pool.object.namespace, pool.object.name, result])
  }

  /// Asks an endpoint for its models. What it said before stays if it says nothing now: it is asked again before long.
  private func readModels(of endpoint: EndpointID) async {
    let interval = configuration.modelsInterval
    let pause = interval - interval / 5 + UInt64.random(in: 0...(interval / 5 * 2))
    guard state.takesModels(of: endpoint, now: Monotonic.now, pause: pause) else { return }
    do {
      let response = try await send("/v1/models", to: endpoint)
      let page = try await response.collect(upTo: configuration.longestModelsPage)
      if response.status == 200, let models = ServedModel.list(page) { state.named(models, by: endpoint) }
    } catch {
      logger.debug("models cannot be read", metadata: ["endpoint": "\(endpoint)", "error": "\(error)"])
    }
  }

  private func send(_ path: String, to endpoint: EndpointID) async throws -> HTTPResponse {
    try await transport.send(
      HTTPRequest(
        url: "http://\(endpoint)\(path)", connectTimeout: configuration.timeout, timeout: configuration.timeout))
  }

  private func load(of endpoint: EndpointID) async throws -> EndpointLoad {
    let response = try await send(configuration.path, to: endpoint)
    let page = try await response.collect(upTo: configuration.longestPage)
    guard response.status == 200 else { throw ScrapeError.status(response.status) }
    let metrics = MetricsText(page, previous: state.load(of: endpoint), scrapedAt: Monotonic.now)
    guard !metrics.isEmpty else { throw ScrapeError.noSeries(missing: metrics.missing) }
    return metrics.load
  }
}

/// Why a metrics page could not be used.
enum ScrapeError: Error, CustomStringConvertible {
  case status(Int)
  case noSeries(missing: [String])

  var description: String {
    switch self {
    case .status(let status): "GET /metrics was answered with status \(status) instead of 200"
    case .noSeries(let missing): "the page has none of the series \(missing.joined(separator: ", "))"
    }
  }
}
