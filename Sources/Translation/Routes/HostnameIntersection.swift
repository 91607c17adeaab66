import Routing

extension HostnamePattern {
  /// What both patterns take, or `nil` if there is no such host name. A pattern of `nil` takes every host name.
  ///
  /// Source: `HTTPRouteSpec.hostnames`, Gateway API v1: a wildcard takes any number of labels.
  func intersection(_ other: HostnamePattern) -> HostnamePattern? {
    switch (self, other) {
    case (.exact(let name), .exact(let otherName)):
      return name == otherName ? self : nil
    case (.exact(let name), .wildcard(let suffix)):
      return name.hasSuffix("." + suffix) ? self : nil
    case (.wildcard, .exact):
      return other.intersection(self)
    case (.wildcard(let suffix), .wildcard(let otherSuffix)):
      if suffix == otherSuffix || suffix.hasSuffix("." + otherSuffix) { return self }
      return otherSuffix.hasSuffix("." + suffix) ? other : nil
    }
  }

  /// The pattern as users write it.
  var text: String {
    switch self {
    case .exact(let name): name
    case .wildcard(let suffix): "*." + suffix
    }
  }
}

/// The host names for which a route of `routeHostnames` is served by a listener: empty if there are none.
///
/// `nil` as an element takes every host name. A route without host names takes the listener's.
func servedHostnames(listener: HostnamePattern?, route: [HostnamePattern]) -> [HostnamePattern?] {
  if route.isEmpty { return [listener] }
  guard let listener else { return unique(route) }
  return unique(route.compactMap { $0.intersection(listener) })
}

private func unique(_ patterns: [HostnamePattern]) -> [HostnamePattern?] {
  var seen: Set<HostnamePattern> = []
  return patterns.filter { seen.insert($0).inserted }.map { Optional($0) }
}
