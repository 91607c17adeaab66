/// Lines of the Prometheus text format 0.0.4.
enum PrometheusText {
  /// Value of the `content-type` header of a scrape.
  static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  static func header(_ name: String, help: String, kind: String, into text: inout String) {
    text += "# HELP \(name) "
    escape(help, quotes: false, into: &text)
    text += "\n# TYPE \(name) \(kind)\n"
  }

  static func sample(
    _ name: String, _ labelNames: [String], _ labels: [String], _ value: String, into text: inout String
  ) {
    text += name
    if !labelNames.isEmpty {
      text += "{"
      for (index, (label, value)) in zip(labelNames, labels).enumerated() {
        if index > 0 { text += "," }
        text += label
        text += "=\""
        escape(value, quotes: true, into: &text)
        text += "\""
      }
      text += "}"
    }
    text += " "
    text += value
    text += "\n"
  }

  /// Whole numbers without a fraction, as Prometheus itself writes them.
  static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
    return String(value)
  }

  /// Help escapes backslash and line feed; label values escape the double quote too.
  private static func escape(_ value: String, quotes: Bool, into text: inout String) {
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\"" where quotes: text += "\\\""
      default: text.unicodeScalars.append(scalar)
      }
    }
  }
}
