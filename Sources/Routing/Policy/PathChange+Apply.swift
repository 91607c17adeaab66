extension PathChange {
  /// What becomes of a path.
  ///
  /// - Parameter match: what the rule asks of paths; a prefix is replaced only where the rule took the path by one.
  func applied(to path: String, of match: PathMatch) -> String {
    switch self {
    case .full(let path): return path.isEmpty ? "/" : path
    case .prefix(let replacement):
      guard case .prefix(let prefix) = match else { return path }
      let rest = path.dropFirst(Self.withoutSlash(prefix).count)
      let changed = Self.withoutSlash(replacement) + rest
      return changed.hasPrefix("/") ? String(changed) : "/" + changed
    }
  }

  /// A slash at the end of a prefix means nothing: what follows the prefix begins with one.
  private static func withoutSlash(_ prefix: String) -> Substring {
    prefix.hasSuffix("/") ? prefix.dropLast() : prefix[...]
  }
}

extension URLRewrite {
  /// Rewrites a head.
  func apply(to head: inout RequestHead, of match: PathMatch) {
    if let path { head.setPath(path.applied(to: head.pathText, of: match)) }
    if let hostname { head.setAuthority(hostname) }
  }
}

extension RequestHead {
  /// Replaces the path.
  mutating func setPath(_ path: String) { self.path = block.append(path) }

  /// Replaces host and port that the request is for.
  mutating func setAuthority(_ authority: String) { self.authority = block.append(authority) }
}
