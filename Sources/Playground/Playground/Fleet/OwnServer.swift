import Glibc

/// A model server of the user's own, as `--endpoint POOL=ADDRESS:PORT` names it. Pods have IP addresses, so names other
/// than `localhost` are not taken; an IPv6 address stands in brackets.
package struct OwnServer: Sendable, Equatable {
  package var pool: String
  var address: String
  var port: Int

  /// `nil` for a text of another form.
  package init?(argument: String) {
    let halves = argument.split(separator: "=", maxSplits: 1).map(String.init)
    guard halves.count == 2, !halves[0].isEmpty, let colon = halves[1].lastIndex(of: ":"),
      let port = Int(halves[1][halves[1].index(after: colon)...]), (1...65_535).contains(port),
      let address = Self.address(halves[1][..<colon])
    else { return nil }
    pool = halves[0]
    self.address = address
    self.port = port
  }

  private static func address(_ host: Substring) -> String? {
    if host == "localhost" { return "127.0.0.1" }
    var bytes = in6_addr()
    if host.hasPrefix("["), host.hasSuffix("]") {
      let inner = String(host.dropFirst().dropLast())
      return inet_pton(AF_INET6, inner, &bytes) == 1 ? inner : nil
    }
    return inet_pton(AF_INET, String(host), &bytes) == 1 ? String(host) : nil
  }
}
