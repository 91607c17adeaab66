import DataPlane
import Observability
import Routing
import Synchronization

/// Counts the gateway's requests.
///
/// The series that a request counts into are looked up once for each combination of subject and answer, and for each endpoint,
/// and kept. So a request costs one lock here and one in each histogram that it is timed by; an error, a rejection and a retry
/// each cost a look-up in their counter besides, as does an endpoint that has no series of its own.
final class RequestCounts: Sendable {
  private struct RequestKey: Hashable {
    var subject: RequestSubject
    var status: Int
    var isStreamed: Bool
  }

  private struct RequestSeries {
    var answers: Counter.Series
    var requests: Counter.Series?
    var duration: Histogram.Series?
    var timeToFirstToken: Histogram.Series?
    var tokens: TokenSeries?
  }

  private struct State {
    var requests = KeptSeries<RequestKey, RequestSeries>()
    var picks = KeptSeries<EndpointLabels.Key, Counter.Series>()
    var names = EndpointNames()
  }

  private let instruments: GatewayInstruments
  private let table: Published<RoutingTable>
  private let inFlight: Gauge.Series
  private let tunnels: Gauge.Series
  private let ownTime: Histogram.Series
  private let state = Mutex(State())

  init(_ instruments: GatewayInstruments, table: Published<RoutingTable>) {
    self.instruments = instruments
    self.table = table
    inFlight = instruments.inFlight.series([])
    tunnels = instruments.tunnels.series([])
    ownTime = instruments.ownTime.series([])
    for reason in ProxyHeaderFailure.Reason.allCases {
      _ = instruments.connections.proxyHeaderFailures.series([reason.rawValue])
    }
    for reason in HandshakeFailure.Reason.allCases {
      _ = instruments.connections.handshakeFailures.series([reason.rawValue])
    }
  }

  func handshakeFailed(_ failure: HandshakeFailure) {
    instruments.connections.handshakeFailures.increment([failure.reason.rawValue])
  }

  func proxyHeaderFailed(_ failure: ProxyHeaderFailure) {
    instruments.connections.proxyHeaderFailures.increment([failure.reason.rawValue])
  }

  func started() { inFlight.add(1) }

  func tunnelOpened() { tunnels.add(1) }

  func finished(_ record: ProxyRecord) {
    inFlight.add(-1)
    if record.isTunnel { countTunnel(record) }
    var subject = record.subject
    // Labels are of pools, not of routes: one series for all routes that lead to a pool.
    subject.route = nil
    let key = RequestKey(subject: subject, status: record.status, isStreamed: record.isStreamed)
    let pick = record.attempts > 0 ? pickKey(record) : nil
    let known = state.withLock { state in
      (generation: state.requests.generation, request: state.requests[key], pick: pick.flatMap { state.picks[$0] })
    }
    count(record, into: known.request ?? made(key, from: known.generation))
    if let pick { if let series = known.pick { series.increment() } else { countPick(pick) } }
    if record.retries > 0, let pool = subject.pool {
      instruments.outcomes.retries.increment(pool.metricLabels, by: UInt64(record.retries))
    }
    if let code = record.errorCode { countError(code, record) }
    if let waited = record.queueNanoseconds { countQueue(record, waited: waited) }
    if record.pickerNanoseconds != nil || record.pickerFailure != nil { countPicker(record) }
  }

  /// Called at each scrape, after series were removed: what is counted into those is lost.
  ///
  /// - Parameter now: nanoseconds of the monotonic clock.
  func refresh(hasRemoved: Bool, now: UInt64) {
    followTable()
    state.withLock { state in
      state.names.expire(now: now)
      guard hasRemoved else { return }
      state.requests.forget()
      state.picks.forget()
    }
  }

  private func count(_ record: ProxyRecord, into series: RequestSeries) {
    series.answers.increment()
    series.requests?.increment()
    // How long two sides talk says nothing of how fast anybody answers.
    if !record.isTunnel { series.duration?.observe(Double(record.durationNanoseconds) / 1e9) }
    if let own = record.gatewayNanoseconds { ownTime.observe(Double(own) / 1e9) }
    if record.usage != TokenUsage() { series.tokens?.count(record) }
    if record.errorCode == nil, let first = record.firstBodyByteNanoseconds {
      series.timeToFirstToken?.observe(Double(first) / 1e9)
    }
  }

  private func countTunnel(_ record: ProxyRecord) {
    tunnels.add(-1)
    instruments.tunnelBytes.increment(["client"], by: UInt64(record.requestBytes))
    instruments.tunnelBytes.increment(["endpoint"], by: UInt64(record.responseBytes))
  }

  private func countError(_ code: String, _ record: ProxyRecord) {
    if record.subject.pool != nil { instruments.errors.increment(record.subject.requestLabels + [code]) }
    if record.isRejected { instruments.outcomes.rejections.increment(record.subject.modelLabels + [code]) }
  }

  /// Only requests that waited pay the look-up.
  private func countQueue(_ record: ProxyRecord, waited: UInt64) {
    guard let pool = record.subject.pool else { return }
    let labels = pool.metricLabels + [record.subject.priority?.description ?? "", record.queueOutcome]
    instruments.queues.duration.series(labels).observe(Double(waited) / 1e9)
  }

  /// Only pools that name a picker pay the two look-ups.
  private func countPicker(_ record: ProxyRecord) {
    guard let pool = record.subject.pool else { return }
    if let waited = record.pickerNanoseconds {
      instruments.pickers.duration.series(pool.metricLabels).observe(Double(waited) / 1e9)
    }
    if let reason = record.pickerFailure {
      instruments.pickers.failures.increment(pool.metricLabels + [reason.rawValue])
    }
  }

  private func pickKey(_ record: ProxyRecord) -> EndpointLabels.Key? {
    guard let pool = record.subject.pool, let endpoint = record.endpoint else { return nil }
    return EndpointLabels.Key(pool: pool, endpoint: endpoint)
  }

  private func made(_ key: RequestKey, from generation: Int) -> RequestSeries {
    let labels = key.subject.requestLabels
    let isPool = key.subject.pool != nil
    let hasToken = isPool && (200..<300).contains(key.status)
    let made = RequestSeries(
      answers: instruments.outcomes.answers.series(key.subject.modelLabels + [String(key.status)]),
      requests: isPool ? instruments.requests.series(labels) : nil,
      duration: isPool ? instruments.duration.series(labels) : nil,
      timeToFirstToken: hasToken ? instruments.timeToFirstToken.series(labels + ["\(key.isStreamed)"]) : nil,
      tokens: hasToken ? TokenSeries(instruments.tokens, labels) : nil)
    state.withLock { $0.requests.keep(made, for: key, from: generation) }
    return made
  }

  /// An endpoint that has no series of its own is looked up each time: the next table may give it one.
  private func countPick(_ key: EndpointLabels.Key) {
    followTable()
    let (generation, labels) = state.withLock { ($0.picks.generation, $0.names[key]) }
    guard let labels else { return instruments.outcomes.picks.increment(EndpointLabels.rest(of: key.pool)) }
    let series = instruments.outcomes.picks.series(labels)
    series.increment()
    state.withLock { $0.picks.keep(series, for: key, from: generation) }
  }

  /// What the endpoints of the newest table are called is worked out once for each table.
  private func followTable() {
    let (number, current) = table.numbered
    guard state.withLock({ $0.names.revision < number }) else { return }
    let labels = EndpointLabels(current)
    state.withLock { state in if state.names.follow(labels, revision: number) { state.picks.forget() } }
  }
}

extension RequestSubject {
  /// The values of the labels `kind`, `namespace`, `name`, `model_name`.
  var modelLabels: [String] { poolLabels + [model ?? ""] }
}

extension ProxyRecord {
  /// Why the client did not get a whole answer below 400: our own reason, or that the model server answered with an error.
  var errorCode: String? { error?.kind.rawValue ?? (status >= 400 ? Self.modelServerError : nil) }

  static let modelServerError = "model_server_error"

  /// Whether the gateway answered without asking an endpoint.
  var isRejected: Bool { attempts == 0 && error != nil && status != 0 }
}

extension ProxyObserver {
  /// An observer that counts, and logs where there is an access log.
  init(_ counts: RequestCounts, _ log: AccessLog? = nil) {
    self.init(
      wantsTexts: log != nil, requestStarted: { counts.started() },
      requestFinished: { counts.finished($0) }, tunnelOpened: { counts.tunnelOpened() },
      handshakeFailed: { counts.handshakeFailed($0) }, proxyHeaderFailed: { counts.proxyHeaderFailed($0) })
    guard let log else { return }
    requestFinished = { record in
      counts.finished(record)
      log.log(record)
    }
  }
}

extension ProxyRecord {
  /// What became of a request that waited, in the llm-d router's words.
  fileprivate var queueOutcome: String {
    guard attempts == 0, let error else { return "Dispatched" }
    switch error.kind {
    case .saturated: return "RejectedCapacity"
    case .queueTimeout: return "EvictedTTL"
    case .clientClosed, .clientStalled: return "EvictedContextCancelled"
    case .noReadyEndpoint: return "EvictedNoEndpoints"
    default: return "EvictedOther"
    }
  }
}
