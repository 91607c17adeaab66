/// One metric family that a ``MetricsRegistry`` can render in the Prometheus text format 0.0.4.
///
/// Format: <https://prometheus.io/docs/instrumenting/exposition_formats/>
public protocol Instrument: AnyObject, Sendable {
  /// Family name, such as `switchyard_gateway_requests_total`.
  var name: String { get }
  /// One sentence for the reader of the scrape.
  var help: String { get }
  /// `counter`, `gauge` or `histogram`.
  var kind: String { get }
  /// Label names, in the order in which callers give the values.
  var labelNames: [String] { get }
  /// Appends the sample lines, without `# HELP` and `# TYPE`, in a deterministic order.
  func renderSamples(into text: inout String)
}
