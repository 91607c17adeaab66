import DataPlane
import Observability
import Routing
import Synchronization

/// Counts the gateway's requests.
///
/// The series that a request counts into are looked up once for each combination of subject and answer, and kept: a request
/// costs one lock and two look-ups by value.
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
  }

  private struct State {
    var requests: [RequestKey: RequestSeries] = [:]
    var picks: [EndpointLabels.Key: Counter.Series] = [:]
  }

  private let instruments: GatewayInstruments
  private let table: Published<RoutingTable>
  private let inFlight: Gauge.Series
  private let state = Mutex(State())
  private let endpoints: Mutex<(number: Int, labels: EndpointLabels?)> = Mutex((-1, nil))

  init(_ instruments: GatewayInstruments, table: Published<RoutingTable>) {
    self.instruments = instruments
    self.table = table
    inFlight = instruments.inFlight.series([])
  }

  func started() { inFlight.add(1) }

  func finished(_ record: ProxyRecord) {
    inFlight.add(-1)
    var subject = record.subject
    // Labels are of pools, not of routes: one series for all routes that lead to a pool.
    subject.route = nil
    let key = RequestKey(subject: subject, status: record.status, isStreamed: record.isStreamed)
    let pick = record.attempts > 0 ? pickKey(record) : nil
    let known = state.withLock { state in (request: state.requests[key], pick: pick.flatMap { state.picks[$0] }) }
    count(record, into: known.request ?? made(key))
    if let pick { if let series = known.pick { series.increment() } else { countPick(pick) } }
    if record.retries > 0, let pool = subject.pool {
      instruments.retries.increment(pool.metricLabels, by: UInt64(record.retries))
    }
    if let code = record.errorCode { countError(code, record) }
  }

  /// Forgets the series: some were removed, and what is counted into them is lost.
  func forget() { state.withLock { $0 = State() } }

  private func count(_ record: ProxyRecord, into series: RequestSeries) {
    series.answers.increment()
    series.requests?.increment()
    series.duration?.observe(Double(record.durationNanoseconds) / 1e9)
    if record.errorCode == nil, let first = record.firstBodyByteNanoseconds {
      series.timeToFirstToken?.observe(Double(first) / 1e9)
    }
  }

  private func countError(_ code: String, _ record: ProxyRecord) {
    if record.subject.pool != nil { instruments.errors.increment(record.subject.requestLabels + [code]) }
    if record.isRejected { instruments.rejections.increment(record.subject.modelLabels + [code]) }
  }

  private func pickKey(_ record: ProxyRecord) -> EndpointLabels.Key? {
    guard let pool = record.subject.pool, let endpoint = record.endpoint else { return nil }
    return EndpointLabels.Key(pool: pool, endpoint: endpoint)
  }

  private func made(_ key: RequestKey) -> RequestSeries {
    let labels = key.subject.requestLabels
    let isPool = key.subject.pool != nil
    let hasToken = isPool && (200..<300).contains(key.status)
    let made = RequestSeries(
      answers: instruments.answers.series(key.subject.modelLabels + [String(key.status)]),
      requests: isPool ? instruments.requests.series(labels) : nil,
      duration: isPool ? instruments.duration.series(labels) : nil,
      timeToFirstToken: hasToken ? instruments.timeToFirstToken.series(labels + ["\(key.isStreamed)"]) : nil)
    state.withLock { $0.requests[key] = made }
    return made
  }

  /// An endpoint that has no series of its own is looked up each time: the next table may give it one.
  private func countPick(_ key: EndpointLabels.Key) {
    guard let labels = names().values[key] else {
      return instruments.picks.increment(EndpointLabels.rest(of: key.pool))
    }
    let series = instruments.picks.series(labels)
    series.increment()
    state.withLock { $0.picks[key] = series }
  }

  /// What the endpoints of the newest table are called, worked out once for each table.
  private func names() -> EndpointLabels {
    let (number, current) = table.numbered
    if let known = endpoints.withLock({ $0.number == number ? $0.labels : nil }) { return known }
    let labels = EndpointLabels(current)
    endpoints.withLock { $0 = (number, labels) }
    return labels
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
  /// An observer that counts.
  init(_ counts: RequestCounts) {
    self.init(requestStarted: { counts.started() }, requestFinished: { counts.finished($0) })
  }
}
