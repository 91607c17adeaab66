import JSONText
import KubernetesAPI
import Routing

extension PolicyReader {
  /// Reads a rewrite of host and path.
  mutating func readRewrite(_ filter: HTTPURLRewriteFilter, field: String) {
    if let path = readPath(filter.path, field: "\(field).path") {
      policy.rewrite = URLRewrite(hostname: policy.rewrite?.hostname, path: path)
    }
    if let host = readHostname(filter.hostname, field: "\(field).hostname") {
      rewriteHost(to: host, field: "\(field).hostname")
    }
  }

  /// Reads a redirect.
  mutating func readRedirect(_ filter: HTTPRequestRedirectFilter, field: String) -> RequestRedirect {
    if let scheme = filter.scheme, !["http", "https"].contains(scheme) {
      refuse("\(field).scheme \(scheme) is unknown: use http or https")
    }
    if let port = filter.port, !(1...65535).contains(port) {
      refuse("\(field).port \(port) is out of range: use 1 to 65535")
    }
    let status = filter.statusCode ?? 302
    if !Self.redirects.contains(status) {
      refuse("\(field).statusCode \(status) is no redirect that can be given: use 301, 302, 303, 307 or 308")
    }
    return RequestRedirect(
      scheme: filter.scheme, hostname: readHostname(filter.hostname, field: "\(field).hostname"),
      path: readPath(filter.path, field: "\(field).path"), port: filter.port, status: status)
  }

  private static let redirects: Set<Int> = [301, 302, 303, 307, 308]

  private mutating func readHostname(_ hostname: String?, field: String) -> String? {
    guard let hostname, !hostname.isEmpty else { return nil }
    if !HTTPText.isHostname(hostname) {
      refuse("\(field) \(JSONWriter.quoted(hostname)) is no host name: write one such as example.com, without a port")
    }
    return hostname.lowercased()
  }

  private mutating func readPath(_ modifier: HTTPPathModifier?, field: String) -> PathChange? {
    guard let modifier else { return nil }
    switch modifier.type {
    case "ReplaceFullPath":
      let path = readReplacement(modifier.replaceFullPath, field: "\(field).replaceFullPath", mayBeEmpty: false)
      return path.map(PathChange.full)
    case "ReplacePrefixMatch":
      refuseOtherMatches(field: field)
      let path = readReplacement(modifier.replacePrefixMatch, field: "\(field).replacePrefixMatch", mayBeEmpty: true)
      return path.map(PathChange.prefix)
    default:
      refuse("\(field).type \(modifier.type) is unknown: use ReplaceFullPath or ReplacePrefixMatch")
      return nil
    }
  }

  private mutating func readReplacement(_ path: String?, field: String, mayBeEmpty: Bool) -> String? {
    guard let path else {
      refuse("\(field) is missing: add it")
      return nil
    }
    if path.isEmpty && mayBeEmpty { return path }
    guard HTTPText.isPath(path) else {
      refuse(
        path.hasPrefix("/")
          ? "\(field) \(JSONWriter.quoted(path)) is no path: percent-encode what cannot stand in one, and leave out ? and #"
          : "\(field) \(JSONWriter.quoted(path)) does not begin with /: write \(JSONWriter.quoted("/" + path))")
      return nil
    }
    return path
  }

  /// Only a match by prefix has a prefix that could be replaced.
  private mutating func refuseOtherMatches(field: String) {
    for (index, match) in rule.matches.enumerated() {
      guard let type = match.path?.type, type != "PathPrefix" else { continue }
      refuse(
        "\(field).type ReplacePrefixMatch goes with matches of type PathPrefix only, and matches[\(index)].path.type is "
          + "\(type): use ReplaceFullPath, or make two rules")
    }
  }
}
