import JSONText

extension RoutingTable {
  /// The table as indented JSON, for people and for comparison: the same table always gives the same text.
  ///
  /// Listeners and rules are in the order in which requests try them, everything else is sorted.
  public func jsonDescription() -> String {
    let table: OrderedJSON = [
      "listeners": .array(listeners.map(\.json)),
      "pools": .array(pools.values.sorted { $0.id < $1.id }.map(\.json)),
    ]
    return JSONWriter.text(of: table, layout: .indented)
  }
}

extension Listener {
  fileprivate var json: OrderedJSON {
    var members: [OrderedJSON.Member] = [
      .init("gateway", .string(gateway.description)), .init("name", .string(name)),
      .init("addresses", .array(addresses.map { .string($0) })), .init("port", .integer(port)),
      .init("hostname", .string(orNull: hostname?.description)), .init("rules", .array(rules.map(\.json))),
    ]
    if let serving = serving.json { members.insert(.init("serving", serving), at: 4) }
    if let listenerSet { members.insert(.init("listenerSet", .string(listenerSet.description)), at: 1) }
    if !baseModels.isEmpty {
      let namespaces = baseModels.sorted { $0.key < $1.key }.map { namespace, names in
        let names = names.sorted { $0.key < $1.key }.map { OrderedJSON.Member($0.key, .string($0.value)) }
        return OrderedJSON.Member(namespace, .object(names))
      }
      members.append(.init("baseModels", .object(namespaces)))
    }
    if expectsProxyHeader { members.append(.init("expectsProxyHeader", .bool(true))) }
    if let clientCertificate { members.append(.init("clientCertificate", .string(clientCertificate.description))) }
    if !trustedCallers.isEmpty {
      members.append(.init("trustedCallers", .array(trustedCallers.prefixes.map { .string($0.description) })))
    }
    return .object(members)
  }
}

extension RouteRule {
  fileprivate var json: OrderedJSON {
    var members: [OrderedJSON.Member] = [
      .init("route", .string(route.description)), .init("rule", .integer(index)),
    ]
    if let hostname { members.append(.init("hostname", .string(hostname.description))) }
    members.append(.init("path", match.path.json))
    if let method = match.method { members.append(.init("method", .string(method))) }
    if !match.headers.isEmpty { members.append(.init("headers", .array(match.headers.map(\.json)))) }
    if !match.queryParameters.isEmpty {
      members.append(.init("queryParameters", .array(match.queryParameters.map(\.json))))
    }
    members.append(.init("backends", .array(backends.map(\.json))))
    if let dropped { members.append(.init("dropped", .string(dropped))) }
    if let policy, !policy.isEmpty { members.append(.init("policy", policy.json)) }
    return .object(members)
  }
}

extension PathMatch {
  fileprivate var json: OrderedJSON {
    switch self {
    case .exact(let path): ["exact": .string(path)]
    case .prefix(let path): ["prefix": .string(path)]
    case .regularExpression(let expression): ["regularExpression": .string(expression.pattern)]
    }
  }
}

extension ValueMatch {
  fileprivate var json: OrderedJSON {
    switch value {
    case .exact(let text): ["name": .string(name), "exact": .string(text)]
    case .regularExpression(let expression):
      ["name": .string(name), "regularExpression": .string(expression.pattern)]
    }
  }
}

extension WeightedBackend {
  fileprivate var json: OrderedJSON {
    var members: [OrderedJSON.Member] = [.init("weight", .integer(weight))]
    switch target {
    case .pool(let id): members.append(.init("pool", .string(id.description)))
    case .invalid(let reason): members.append(.init("invalid", .string(reason)))
    }
    if let policy, !policy.isEmpty { members.append(.init("policy", policy.json)) }
    return .object(members)
  }
}

extension Pool {
  fileprivate var json: OrderedJSON {
    var members: [OrderedJSON.Member] = [
      .init("pool", .string(id.description)), .init("matchedEndpoints", .integer(matchedEndpoints)),
      .init("endpoints", .array(endpoints.sorted { $0.id < $1.id }.map(\.json))),
      .init("models", .array(models.sorted { $0.key < $1.key }.map(\.value.json))),
    ]
    if let transport = transport.json { members.insert(.init("transport", transport), at: 1) }
    if !rewrites.isEmpty {
      members.append(.init("rewrites", .array(rewrites.all.map { $0.rewrite.json(of: $0.name) })))
    }
    if !objectives.isEmpty {
      let sorted = objectives.sorted { $0.key < $1.key }
      let list: [OrderedJSON] = sorted.map {
        ["inferenceObjective": .string($0.key), "priority": .integer(Int($0.value.rawValue))]
      }
      members.append(.init("objectives", .array(list)))
    }
    let routes = engineRoutes.allowsAll ? ["*"] : engineRoutes.allowed.sorted().map { "/" + $0 }
    if !routes.isEmpty { members.append(.init("allowedEngineRoutes", .array(routes.map { .string($0) }))) }
    if case .external(let picker) = picker { members.append(.init("picker", picker.json)) }
    return .object(members)
  }
}

extension ExternalPicker {
  fileprivate var json: OrderedJSON {
    var members: [OrderedJSON.Member] = [
      .init("service", .string(service.description)), .init("port", .integer(port)),
      .init("endpoints", .array(endpoints.map { .string($0.description) })),
      .init("failureMode", .string(failureMode.rawValue)),
    ]
    switch transport {
    case .plain: members.append(.init("transport", .string("plain")))
    case .closed(let reason): members.append(.init("closed", .string(reason)))
    case .tls(let security):
      members.append(.init("transport", .string("tls")))
      if let security { members.append(.init("tls", security.json)) }
    }
    return .object(members)
  }
}

extension Endpoint {
  fileprivate var json: OrderedJSON {
    var members: [OrderedJSON.Member] = [
      .init("address", .string(id.description)), .init("pod", .string(pod.description)),
    ]
    if let accelerator {
      members.append(.init("accelerator", .string(accelerator.name)))
      if let count = accelerator.count { members.append(.init("accelerators", .integer(count))) }
    }
    return .object(members)
  }
}

extension Model {
  fileprivate var json: OrderedJSON {
    [
      "model": .string(name), "criticality": .string(criticality.rawValue),
      "targets": .array(targets.map { ["model": .string($0.name), "weight": .integer($0.weight)] }),
      "inferenceModel": .string(object.description),
    ]
  }
}

extension ModelRewrite {
  fileprivate func json(of name: String?) -> OrderedJSON {
    [
      "model": .string(name ?? "*"),
      "targets": .array(targets.map { ["model": .string($0.name), "weight": .integer($0.weight)] }),
      "inferenceModelRewrite": .string(object.description), "rule": .integer(rule),
    ]
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
