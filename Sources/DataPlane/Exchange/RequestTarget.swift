import Routing

/// The target of a request. Source: RFC 9112, section 3.2.
enum RequestTarget: Equatable {
  /// `/path?query`, or `*`.
  case origin
  /// `http://host:port/path`: the host, and the rest in origin form.
  case absolute(host: String, target: String)

  /// Reads a target; `nil` for one of no known form, and for one with user information, which RFC 9110, section
  /// 4.2.4, tells to treat as an error.
  init?(_ uri: String) {
    if uri.hasPrefix("/") || uri == "*" {
      self = .origin
      return
    }
    guard let colon = uri.firstIndex(of: ":"), Self.isWeb(uri[..<colon]), uri[colon...].hasPrefix("://") else {
      return nil
    }
    let rest = uri[uri.index(colon, offsetBy: 3)...]
    let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
    let host = rest[..<end]
    guard !host.isEmpty, !host.contains("@") else { return nil }
    let target = String(rest[end...])
    self = .absolute(host: String(host), target: target.hasPrefix("/") ? target : "/" + target)
  }

  private static func isWeb(_ scheme: Substring) -> Bool {
    ASCIIText.isSame(scheme, "http") || ASCIIText.isSame(scheme, "https")
  }
}
