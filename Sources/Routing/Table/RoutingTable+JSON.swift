extension RoutingTable {
  /// The table as indented JSON, for people and for comparison: the same table always gives the same text.
  ///
  /// Listeners and rules are in the order in which requests try them, everything else is sorted.
  public func jsonDescription() -> String {
    var bytes: [UInt8] = []
    JSONText.object([
      ("listeners", .array(listeners.map(\.json))),
      ("pools", .array(pools.values.sorted { $0.id < $1.id }.map(\.json))),
    ]).appendIndented(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension Listener {
  fileprivate var json: JSONText {
    var members: [(String, JSONText)] = [
      ("gateway", .string(gateway.description)), ("name", .string(name)),
      ("addresses", .array(addresses.map { .string($0) })), ("port", .integer(port)),
      ("hostname", hostname.map { .string($0.description) } ?? .null), ("rules", .array(rules.map(\.json))),
    ]
    if !baseModels.isEmpty {
      let namespaces = baseModels.sorted { $0.key < $1.key }.map { namespace, names in
        (namespace, JSONText.object(names.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
      }
      members.append(("baseModels", .object(namespaces)))
    }
    return .object(members)
  }
}

extension RouteRule {
  fileprivate var json: JSONText {
    var members: [(String, JSONText)] = [
      ("route", .string(route.description)), ("rule", .integer(index)),
    ]
    if let hostname { members.append(("hostname", .string(hostname.description))) }
    members.append(("path", match.path.json))
    if let method = match.method { members.append(("method", .string(method))) }
    if !match.headers.isEmpty { members.append(("headers", .array(match.headers.map(\.json)))) }
    if !match.queryParameters.isEmpty {
      members.append(("queryParameters", .array(match.queryParameters.map(\.json))))
    }
    members.append(("backends", .array(backends.map(\.json))))
    if let dropped { members.append(("dropped", .string(dropped))) }
    return .object(members)
  }
}

extension PathMatch {
  fileprivate var json: JSONText {
    switch self {
    case .exact(let path): .object([("exact", .string(path))])
    case .prefix(let path): .object([("prefix", .string(path))])
    case .regularExpression(let expression): .object([("regularExpression", .string(expression.pattern))])
    }
  }
}

extension ValueMatch {
  fileprivate var json: JSONText {
    switch value {
    case .exact(let text): .object([("name", .string(name)), ("exact", .string(text))])
    case .regularExpression(let expression):
      .object([("name", .string(name)), ("regularExpression", .string(expression.pattern))])
    }
  }
}

extension WeightedBackend {
  fileprivate var json: JSONText {
    switch target {
    case .pool(let id): .object([("weight", .integer(weight)), ("pool", .string(id.description))])
    case .invalid(let reason): .object([("weight", .integer(weight)), ("invalid", .string(reason))])
    }
  }
}

extension Pool {
  fileprivate var json: JSONText {
    .object([
      ("pool", .string(id.description)), ("matchedEndpoints", .integer(matchedEndpoints)),
      ("endpoints", .array(endpoints.sorted { $0.id < $1.id }.map(\.json))),
      ("models", .array(models.sorted { $0.key < $1.key }.map(\.value.json))),
    ])
  }
}

extension Endpoint {
  fileprivate var json: JSONText {
    var members: [(String, JSONText)] = [
      ("address", .string(id.description)), ("pod", .string(pod.description)),
    ]
    if let accelerator {
      members.append(("accelerator", .string(accelerator.name)))
      if let count = accelerator.count { members.append(("accelerators", .integer(count))) }
    }
    return .object(members)
  }
}

extension Model {
  fileprivate var json: JSONText {
    .object([
      ("model", .string(name)), ("criticality", .string(criticality.rawValue)),
      (
        "targets",
        .array(targets.map { .object([("model", .string($0.name)), ("weight", .integer($0.weight))]) })
      ),
      ("inferenceModel", .string(object.description)),
    ])
  }
}

extension HostnamePattern: CustomStringConvertible {
  /// The pattern as people write it: `example.com` or `*.example.com`.
  public var description: String {
    switch self {
    case .exact(let name): name
    case .wildcard(let suffix): "*.\(suffix)"
    }
  }
}
