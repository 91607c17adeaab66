import ModelEngine

/// Writes metrics as Python's `prometheus_client` does, which is what a scraper of vLLM meets: labels by name, numbers
/// as Python floats, and a `_created` gauge after each counter and histogram.
struct PythonMetricsText {
  private(set) var text = ""
  /// Labels that every series has unless told otherwise.
  let common: [(String, String)]
  /// Unix time at which the series were created, seconds.
  let created: Double

  init(common: [(String, String)], created: Double) {
    self.common = common
    self.created = created
    text.reserveCapacity(64 * 1024)
  }

  mutating func gauge(_ name: String, _ help: String, _ value: Double) { gauge(name, help, [([], value)]) }

  mutating func gauge(_ name: String, _ help: String, _ series: [([(String, String)], Double)]) {
    header(name, help, "gauge")
    for (labels, value) in series { line(name, common + labels, Self.float(value)) }
  }

  /// A gauge without the common labels.
  mutating func info(_ name: String, _ help: String, _ labels: [(String, String)], _ value: Double) {
    header(name, help, "gauge")
    line(name, labels, Self.float(value))
  }

  mutating func counter(_ name: String, _ help: String, _ value: Int) { counter(name, help, [([], value)]) }

  /// `name` without `_total`. `base` replaces the common labels.
  mutating func counter(
    _ name: String, _ help: String, _ series: [([(String, String)], Int)], base: [(String, String)]? = nil
  ) {
    header(name + "_total", help, "counter")
    for (labels, value) in series { line(name + "_total", (base ?? common) + labels, Self.float(Double(value))) }
    header(name + "_created", help, "gauge")
    for (labels, _) in series { line(name + "_created", (base ?? common) + labels, Self.float(created)) }
  }

  mutating func histogram(_ name: String, _ help: String, _ counts: HistogramCounts) {
    header(name, help, "histogram")
    var cumulative = 0
    for (bound, count) in zip(counts.bounds, counts.buckets) {
      cumulative += count
      line(name + "_bucket", common + [("le", Self.float(bound))], Self.float(Double(cumulative)))
    }
    line(name + "_bucket", common + [("le", "+Inf")], Self.float(Double(counts.count)))
    line(name + "_count", common, Self.float(Double(counts.count)))
    line(name + "_sum", common, Self.float(counts.sum))
    header(name + "_created", help, "gauge")
    line(name + "_created", common, Self.float(created))
  }

  private mutating func header(_ name: String, _ help: String, _ kind: String) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
  }

  private mutating func line(_ name: String, _ labels: [(String, String)], _ value: String) {
    text += name
    if !labels.isEmpty {
      text += "{"
      for (index, label) in labels.sorted(by: { $0.0 < $1.0 }).enumerated() {
        text += "\(index > 0 ? "," : "")\(label.0)=\"\(Self.escaped(label.1))\""
      }
      text += "}"
    }
    text += " \(value)\n"
  }

  private static func escaped(_ value: String) -> String {
    guard value.utf8.contains(where: { $0 == 0x5c || $0 == 0x22 || $0 == 0x0a }) else { return value }
    return value.map { $0 == "\\" ? "\\\\" : $0 == "\"" ? "\\\"" : $0 == "\n" ? "\\n" : String($0) }.joined()
  }

  /// `floatToGoString` of prometheus_client: an exponent from a million on.
  static func float(_ value: Double) -> String {
    let text = String(value)
    guard value > 0, let dot = text.firstIndex(of: "."), !text.contains("e") else { return text }
    let whole = text[..<dot]
    guard whole.count > 6 else { return text }
    var mantissa = "\(whole.prefix(1)).\(whole.dropFirst())\(text[text.index(after: dot)...])"
    while mantissa.hasSuffix("0") || mantissa.hasSuffix(".") { mantissa.removeLast() }
    return "\(mantissa)e+0\(whole.count - 1)"
  }
}
