/// One value, or one for each combination of labels, that a ``MetricsRegistry`` can render in the Prometheus text format
/// 0.0.4 under each of its names.
///
/// Format: <https://prometheus.io/docs/instrumenting/exposition_formats/>
public protocol Instrument: AnyObject, Sendable {
  /// The names, such as `switchyard_gateway_requests_total`.
  var names: MetricNames { get }
  /// One sentence for the reader of the scrape.
  var help: String { get }
  /// `counter`, `gauge` or `histogram`.
  var kind: String { get }
  /// Label names, in the order in which callers give the values.
  var labelNames: [String] { get }
  /// Appends the sample lines under one of the names, without `# HELP` and `# TYPE`, in a deterministic order.
  func renderSamples(as name: MetricName, into text: inout String)
}
