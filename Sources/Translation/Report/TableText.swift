import Routing

/// The table as text; endpoints and models one a line.
func text(of table: RoutingTable) -> YAMLText {
  .map([
    ("listeners", .list(table.listeners.map(text))),
    ("pools", YAMLText.sorted(table.pools, text)),
  ])
}

private func text(of listener: Listener) -> YAMLText {
  var members: [(String, YAMLText)] = [
    ("listener", .text("\(listener.gateway) \(listener.title)")),
    ("addresses", .list(listener.addresses.map(YAMLText.text))),
    ("port", .text(String(listener.port))),
  ]
  if let hostname = listener.hostname { members.append(("hostname", .text(hostname.text))) }
  if let tls = listener.serving.termination { members.append(("tls", text(of: tls))) }
  switch listener.serving {
  case .tls(.passthrough): members.append(("backends get", .text("TLS as it came")))
  case .tls(.terminate): members.append(("backends get", .text("the bytes inside")))
  case .http, .https: break
  }
  members.append(("rules", .list(listener.rules.map(text))))
  if !listener.baseModels.isEmpty {
    members.append(
      ("baseModels", YAMLText.sorted(listener.baseModels) { names in YAMLText.sorted(names) { .text($0) } }))
  }
  if listener.expectsProxyHeader { members.append(("expectsProxyHeader", .text("true"))) }
  if let certificate = listener.clientCertificate {
    members.append(("clientCertificate", .text(certificate.description)))
  }
  if !listener.trustedCallers.isEmpty {
    members.append(("trustedCallers", .list(listener.trustedCallers.prefixes.map { .text($0.description) })))
  }
  return .map(members)
}

/// Names alone: nothing secret is in a table.
private func text(of tls: TLSTermination) -> YAMLText {
  var members: [(String, YAMLText)] = [("certificates", .list(tls.certificates.map { .text($0.description) }))]
  if let validation = tls.clientValidation {
    members.append(("clients", .text(validation.mode.rawValue)))
    members.append(("authorities", .list(validation.authorities.map { .text($0.description) })))
  }
  return .map(members)
}

private func text(of rule: RouteRule) -> YAMLText {
  var conditions: [String] = []
  if let hostname = rule.hostname { conditions.append("host \(hostname.text)") }
  conditions.append(text(of: rule.match.path))
  if let method = rule.match.method { conditions.append("method \(method)") }
  conditions += rule.match.headers.map { "header \($0.name) \(text(of: $0.value))" }
  conditions += rule.match.queryParameters.map { "query \($0.name) \(text(of: $0.value))" }
  let effect: (String, YAMLText) =
    rule.dropped.map { ("dropped (500)", .text($0)) } ?? ("backends", .list(rule.backends.map(text)))
  let policy = rule.policy.map { [("policy", text(of: $0))] } ?? []
  return .map(
    [
      ("rule", .text("\(rule.route) rules[\(rule.index)]")),
      ("when", .text(conditions.joined(separator: ", "))),
    ] + policy + [effect])
}

private func text(of backend: WeightedBackend) -> YAMLText {
  let share = YAMLText.text("\(backend.weight) to \(text(of: backend.target))")
  return backend.policy.map { .map([("backend", share), ("policy", text(of: $0))]) } ?? share
}

private func text(of path: PathMatch) -> String {
  switch path {
  case .exact(let path): "path = \(path)"
  case .prefix(let path): "path below \(path)"
  case .regularExpression(let expression): "path ~ \(expression.pattern)"
  }
}

private func text(of value: ValuePattern) -> String {
  switch value {
  case .exact(let value): "= \(value)"
  case .regularExpression(let expression): "~ \(expression.pattern)"
  }
}

/// Where requests go.
func text(of target: BackendTarget) -> String {
  switch target {
  case .pool(let pool): pool.description
  case .invalid(let reason): "nowhere (500): \(reason)"
  }
}

private func text(of pool: Pool) -> YAMLText {
  var members: [(String, YAMLText)] = [
    ("matchedEndpoints", .text(String(pool.matchedEndpoints))),
    ("endpoints", .list(pool.endpoints.map { .text(text(of: $0)) })),
  ]
  if pool.transport != UpstreamTransport() { members.insert(("transport", .text(text(of: pool.transport))), at: 0) }
  if !pool.models.isEmpty { members.append(("models", YAMLText.sorted(pool.models) { .text(text(of: $0)) })) }
  if !pool.rewrites.isEmpty {
    members.append(("rewrites", .map(pool.rewrites.all.map { ($0.name ?? "*", .text(text(of: $0.rewrite))) })))
  }
  if !pool.objectives.isEmpty {
    members.append(
      ("objectives", YAMLText.sorted(pool.objectives) { .text("priority \($0), \($0.criticality.rawValue)") }))
  }
  let routes = pool.engineRoutes
  if routes.allowsAll || !routes.allowed.isEmpty {
    let names = routes.allowsAll ? ["*"] : routes.allowed.sorted().map { "/" + $0 }
    members.append(("allowedEngineRoutes", .text(names.joined(separator: ", "))))
  }
  if case .external(let picker) = pool.picker { members.append(("picker", text(of: picker))) }
  return .map(members)
}

private func text(of picker: ExternalPicker) -> YAMLText {
  let endpoints = picker.endpoints.map(\.description).joined(separator: ", ")
  let transport =
    switch picker.transport {
    case .plain: "over clear text"
    case .tls(nil): "over TLS"
    case .tls(let security?): "over \(text(of: security))"
    case .closed(let reason): "not asked (\(reason))"
    }
  return .text(
    "\(picker), \(picker.failureMode.rawValue), \(transport), at \(endpoints.isEmpty ? "no endpoint" : endpoints)")
}

private func text(of transport: UpstreamTransport) -> String {
  let application = transport.application == .http2 ? "HTTP/2" : "HTTP/1.1"
  return transport.security.map { "\(application) over \(text(of: $0))" } ?? application
}

private func text(of security: UpstreamTLS) -> String {
  let authorities =
    switch security.authorities {
    case .system: "an authority of the system"
    case .bundles(let names): names.map(\.description).joined(separator: ", ")
    }
  let names = security.alternativeNames.map(\.description)
  let shown = names.isEmpty ? security.serverName : names.joined(separator: " or ")
  return "TLS with \(security.serverName), which must show \(shown) signed by \(authorities)"
}

private func text(of endpoint: Endpoint) -> String {
  let accelerator = endpoint.accelerator.map { accelerator in
    " on " + (accelerator.count.map { "\($0) × " } ?? "") + accelerator.name
  }
  return "\(endpoint.id) is pod \(endpoint.pod)\(accelerator ?? "")"
}

private func text(of rewrite: ModelRewrite) -> String {
  "\(text(of: rewrite.targets)), by \(rewrite.object) rules[\(rewrite.rule)]"
}

private func text(of targets: [WeightedTarget]) -> String {
  targets.map { "\($0.weight) to \($0.name)" }.joined(separator: ", ")
}

private func text(of model: Model) -> String {
  let targets = text(of: model.targets)
  return "\(model.criticality.rawValue), \(targets.isEmpty ? "name unchanged" : targets), by \(model.object)"
}
