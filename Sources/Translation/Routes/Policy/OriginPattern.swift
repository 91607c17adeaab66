/// An origin as a CORS filter allows it, in the one form that browsers use: lower case, and no port where it is the
/// scheme's own. So that a pattern takes an origin without looking at more than its text.
///
/// Source: `CORSOrigin`, Gateway API v1; "Serializing an origin" in the HTML standard.
struct OriginPattern: Equatable {
  /// `*`, or scheme and host, `*` or `*.` at the beginning of the latter for any labels, and the port.
  let text: String

  /// Reads a pattern; `nil` for any other text.
  init?(_ written: String) {
    let lower = written.lowercased()
    if lower == "*" {
      text = lower
      return
    }
    guard let scheme = Self.schemes.first(where: { lower.hasPrefix($0.prefix) }) else { return nil }
    var host = lower.dropFirst(scheme.prefix.count)
    var port: Substring?
    if let colon = host.lastIndex(of: ":") {
      port = host[host.index(after: colon)...]
      host = host[..<colon]
    }
    guard host == "*" || HTTPText.isHostname(host.hasPrefix("*.") ? host.dropFirst(2) : host) else { return nil }
    if let port, !HTTPText.isPort(port) { return nil }
    let number = port.flatMap { Int($0) }
    text = scheme.prefix + host + (number == nil || number == scheme.port ? "" : ":\(number ?? 0)")
  }

  private static let schemes = [(prefix: "http://", port: 80), (prefix: "https://", port: 443)]
}
