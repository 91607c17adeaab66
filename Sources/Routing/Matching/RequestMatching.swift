extension PathMatch {
  /// Whether `path`, without a query, is one of the paths.
  public func matches(_ path: String) -> Bool {
    switch self {
    case .exact(let wanted): return path.utf8.elementsEqual(wanted.utf8)
    case .prefix(let prefix):
      let elements = Self.withoutTrailingSlash(prefix)
      guard path.utf8.starts(with: elements) else { return false }
      let rest = path.utf8.dropFirst(elements.count)
      return elements.isEmpty || rest.isEmpty || rest.first == UInt8(ascii: "/")
    case .regularExpression(let expression): return expression.wholeMatch(path)
    }
  }

  /// Larger is tried first. Exact; then prefixes, the longest first; then expressions; then the prefix `/`.
  ///
  /// Gateway API leaves the place of expressions open. Behind the prefix `/`, which every rule without a path has, no
  /// expression would ever be reached.
  var specificity: Int {
    switch self {
    case .exact: Int.max
    case .prefix(let prefix):
      switch Self.withoutTrailingSlash(prefix).count {
      case 0: 0
      case let length: length + 1
      }
    case .regularExpression: 1
    }
  }

  private static func withoutTrailingSlash(_ prefix: String) -> Substring.UTF8View {
    (prefix.utf8.last == UInt8(ascii: "/") ? prefix.dropLast() : prefix[...]).utf8
  }
}

extension ValuePattern {
  /// Whether the value is what it must be.
  public func matches(_ value: String) -> Bool {
    switch self {
    case .exact(let wanted): value.utf8.elementsEqual(wanted.utf8)
    case .regularExpression(let expression): expression.wholeMatch(value)
    }
  }
}

extension RequestMatch {
  /// Whether the request has all that the match asks for.
  ///
  /// - Parameter baseModel: the base model of the request's model; asked for only where the match needs it. By default
  ///   the model itself.
  public func matches<Headers>(
    _ request: RequestView<Headers>, baseModel: @autoclosure () -> String? = nil
  ) -> Bool {
    matchesModel(request.model, baseModel: baseModel() ?? request.model) && matchesApartFromModel(request)
  }

  /// Whether the match asks for a model or its base model, by its header.
  public var dependsOnModel: Bool { headers.contains { isModelHeader($0.name) } }

  /// Whether the match asks for a model by its exact name, or by that of its base model: few names have that one.
  var namesModel: Bool {
    headers.contains { header in
      guard isModelHeader(header.name), case .exact = header.value else { return false }
      return true
    }
  }

  /// Whether the model is the one asked for, if one is.
  func matchesModel(_ model: String?, baseModel: @autoclosure () -> String?) -> Bool {
    headers.allSatisfy { header in
      switch header.name {
      case modelNameHeader: model.map { header.value.matches($0) } ?? false
      case baseModelNameHeader: baseModel().map { header.value.matches($0) } ?? false
      default: true
      }
    }
  }

  /// Whether the request has all that the match asks for, its model aside.
  func matchesApartFromModel<Headers>(_ request: RequestView<Headers>) -> Bool {
    if let method, method != request.method { return false }
    guard path.matches(request.path) else { return false }
    for header in headers where !isModelHeader(header.name) {
      guard let value = request.headers.first(header.name), header.value.matches(value) else { return false }
    }
    for parameter in queryParameters {
      guard let value = QueryText.firstValue(of: parameter.name, in: request.query), parameter.value.matches(value)
      else { return false }
    }
    return true
  }
}

extension RouteRule {
  /// Whether the rule takes the request.
  ///
  /// - Parameter baseModel: as for ``RequestMatch/matches(_:baseModel:)``.
  public func matches<Headers>(
    _ request: RequestView<Headers>, baseModel: @autoclosure () -> String? = nil
  ) -> Bool {
    hostname?.matches(request.host) ?? true && match.matches(request, baseModel: baseModel())
  }

  /// The rules in the order in which one listener tries them.
  ///
  /// Gateway API v1, HTTPRouteRule.matches: the most specific host name; an exact path, then the longest prefix; a
  /// method; the most headers; the most query parameters. Age and name of the routes decide the rest: have the rules
  /// in that order before, since rules that are equal keep the order they have.
  public static func sorted(_ rules: [RouteRule]) -> [RouteRule] {
    rules.enumerated().map { (rank: $0.element.rank, place: $0.offset, rule: $0.element) }
      .sorted { left, right in
        for (a, b) in zip(left.rank, right.rank) where a != b { return a > b }
        return left.place < right.place
      }
      .map(\.rule)
  }

  private var rank: [Int] {
    [
      HostnamePattern.specificity(hostname), match.path.specificity, match.method == nil ? 0 : 1,
      match.headers.count, match.queryParameters.count,
    ]
  }
}

extension Listener {
  /// The rule that takes the request: the first that matches.
  public func rule<Headers>(for request: RequestView<Headers>) -> RouteRule? {
    rules.first { rule in
      rule.matches(request, baseModel: request.model.map { baseModel(of: $0, for: rule.route) })
    }
  }
}

extension RoutingTable {
  /// The listener that a connection's requests for `host` belong to: of those on this address and port that serve the
  /// host, the one with the most specific host name.
  ///
  /// - Parameter address: where the client connected to; `nil` takes listeners of every address.
  public func listener(address: String?, port: Int, host: String) -> Listener? {
    var best: Listener?
    for listener in listeners where listener.port == port {
      if let address, !listener.addresses.contains(address) { continue }
      if let hostname = listener.hostname, !hostname.matches(host) { continue }
      let isBetter = best.map {
        HostnamePattern.specificity(listener.hostname) > HostnamePattern.specificity($0.hostname)
      }
      if isBetter ?? true { best = listener }
    }
    return best
  }
}
