extension PathMatch {
  /// Whether a path, without a query, is one of the paths.
  public func matches(_ path: UnsafeRawBufferPointer) -> Bool {
    switch self {
    case .exact(let wanted): return ExactBytes.isSame(path, wanted.utf8)
    case .prefix(let prefix):
      let elements = Self.withoutTrailingSlash(prefix)
      guard ExactBytes.hasPrefix(path, elements) else { return false }
      return elements.isEmpty || path.count == elements.count || path[elements.count] == UInt8(ascii: "/")
    case .regularExpression(let expression): return expression.wholeMatch(String(decoding: path, as: UTF8.self))
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
  /// Whether a name, such as that of a model, is what it must be.
  public func matches(_ name: String) -> Bool {
    switch self {
    case .exact(let wanted): name.utf8.elementsEqual(wanted.utf8)
    case .regularExpression(let expression): expression.wholeMatch(name)
    }
  }

  /// Whether a header's value is what it must be.
  func matches(_ value: UnsafeRawBufferPointer) -> Bool {
    switch self {
    case .exact(let wanted): ExactBytes.isSame(value, wanted.utf8)
    case .regularExpression(let expression): expression.wholeMatch(String(decoding: value, as: UTF8.self))
    }
  }

  /// Whether a query parameter's value is what it must be.
  func matches(_ value: QueryParameters.EncodedText) -> Bool {
    switch self {
    case .exact(let wanted): value.isSame(wanted)
    case .regularExpression(let expression): expression.wholeMatch(value.text)
    }
  }
}

extension RequestMatch {
  /// Whether the request has all that the match asks for.
  ///
  /// - Parameters:
  ///   - model: the body's `model`, as the gateway itself read it; `nil` if the body names none.
  ///   - baseModel: the base model of that model; asked for only where the match needs it. By default the model itself.
  public func matches(
    _ head: RequestHead, model: String? = nil, baseModel: @autoclosure () -> String? = nil
  ) -> Bool {
    matchesModel(model, baseModel: baseModel() ?? model) && matchesApartFromModel(head)
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
  func matchesApartFromModel(_ head: RequestHead) -> Bool {
    head.block.withBytes(head.path.range) { path.matches($0) } && matchesApartFromPath(head)
  }

  /// Whether the request has the method, the headers and the query parameters that the match asks for.
  func matchesApartFromPath(_ head: RequestHead) -> Bool {
    if let method, !head.block.withBytes(head.method.range, { ExactBytes.isSame($0, method.utf8) }) { return false }
    for header in headers where !isModelHeader(header.name) {
      guard head.block.hasValue(of: header.name, where: { header.value.matches($0) }) else { return false }
    }
    if queryParameters.isEmpty { return true }
    guard let query = head.query else { return false }
    return head.block.withBytes(query.range) { bytes in
      queryParameters.allSatisfy { wanted in
        QueryParameters(bytes).first(wanted.name).map { wanted.value.matches($0) } ?? false
      }
    }
  }
}

extension RouteRule {
  /// Whether the rule takes the request.
  ///
  /// - Parameters: as for ``RequestMatch/matches(_:model:baseModel:)``.
  public func matches(
    _ head: RequestHead, model: String? = nil, baseModel: @autoclosure () -> String? = nil
  ) -> Bool {
    if let hostname, !head.block.withBytes(head.host, { hostname.matches($0) }) { return false }
    return match.matches(head, model: model, baseModel: baseModel())
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
