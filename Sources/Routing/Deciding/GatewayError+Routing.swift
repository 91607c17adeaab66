/// The answers to requests that the router does not forward, each said in one place.
extension GatewayError {
  static func noListener(_ head: RequestHead, at arrival: Arrival) -> GatewayError {
    GatewayError(.noListener, "No listener of this gateway serves host '\(head.hostText)' on port \(arrival.port).")
  }

  /// Its connection of TLS is another listener's. Source: RFC 9110, section 15.5.20; `Listener.hostname`, Gateway API v1.
  static func misdirected(_ head: RequestHead) -> GatewayError {
    GatewayError(
      .misdirected,
      "This connection was made for another listener than the one of host '\(head.hostText)'. Connect anew for that host."
    )
  }

  /// No rule took the request: tells whether only its model is in the way.
  static func noRule(of compiled: CompiledListener, for head: RequestHead, model: String?) -> GatewayError {
    let near = compiled.rulesByModel(for: head).map(\.rule).filter { $0.dropped == nil }
    let listener = compiled.listener
    guard !near.isEmpty else {
      return GatewayError(
        .noRoute, "No route takes \(head.methodText) \(head.pathText) on host '\(head.hostText)'.")
    }
    let models = modelList(near, of: listener)
    if let model { return GatewayError(.modelNotFound, "The model '\(model)' does not exist. \(models)") }
    guard head.isMethod("POST") else {
      return GatewayError(
        .noRoute, "Routes take \(head.pathText) only with a model, which this request does not name. \(models)")
    }
    let why =
      BodyInspection.reasonForNone(head)
      ?? "The body must be a JSON object with a string member 'model', or a form with a field 'model'."
    return GatewayError(.modelMissing, why + " " + models, param: "model")
  }

  /// The models that these rules name exactly, or by their base model, sorted, a reader's handful of them.
  private static func modelList(_ rules: [RouteRule], of listener: Listener) -> String {
    let limit = 20
    let names = Set(
      rules.flatMap { rule in rule.match.headers.flatMap { models($0, by: rule, of: listener) } }
    ).sorted()
    guard !names.isEmpty else { return "Routes choose models by a pattern that it does not match." }
    let rest = names.count > limit ? " and \(names.count - limit) more" : ""
    return "Models here: " + names.prefix(limit).joined(separator: ", ") + rest + "."
  }

  private static func models(_ header: ValueMatch, by rule: RouteRule, of listener: Listener) -> [String] {
    guard case .exact(let name) = header.value, isModelHeader(header.name) else { return [] }
    if header.name == modelNameHeader { return [name] }
    // There may be very many adapters, and anybody can ask for a model that does not exist: none is looked up here.
    let hasAdapters = listener.baseModels[rule.route.namespace] != nil
    return [hasAdapters ? "\(name) and its adapters" : name]
  }

  static let severalQueryModels = GatewayError(
    .duplicateModel, "The request's query has the parameter 'model' more than once. Send it once.", param: "model")

  static func unknownCoding(_ coding: String) -> GatewayError {
    // The field: RFC 9110, section 15.5.16.
    GatewayError(
      .contentCodingNotSupported,
      "Routes choose by the model in the body, which has Content-Encoding '\(coding)'. "
        + "The gateway looks into gzip and deflate, one of them at a time: use one of those, or send it uncompressed."
    ).with([HeaderChange.Field("accept-encoding", "gzip, deflate")])
  }

  static func ruleDropped(_ why: String, route: ObjectName) -> GatewayError {
    GatewayError(.ruleDropped, "The rule of HTTPRoute \(route) that takes this request cannot be served: \(why)")
  }

  static func noBackend(route: ObjectName) -> GatewayError {
    GatewayError(
      .noBackend, "The rule of HTTPRoute \(route) that takes this request has no backend with a weight above 0.")
  }

  static func invalidBackend(_ reason: String, route: ObjectName) -> GatewayError {
    GatewayError(.invalidBackend, "A backend of HTTPRoute \(route) is not usable: \(reason)")
  }

  static func poolMissing(_ pool: PoolID, route: ObjectName) -> GatewayError {
    GatewayError(.poolMissing, "HTTPRoute \(route) sends this request to \(pool), which the gateway does not know.")
  }

  static func engineRoute(_ route: String, of pool: PoolID) -> GatewayError {
    GatewayError(
      .engineRouteRefused,
      "/\(route) runs the model server and is no inference: \(pool) does not let clients call it. "
        + "Its owner can allow it with the annotation switchyard.dev/allowed-engine-routes: /\(route).")
  }

  static func noModelTarget(_ model: Model) -> GatewayError {
    GatewayError(
      .noModelTarget, "InferenceModel \(model.object) of model '\(model.name)' has no target with a weight above 0.")
  }

  static func noReadyEndpoint(_ pool: Pool, retryAfter: Int) -> GatewayError {
    GatewayError(
      .noReadyEndpoint, "No endpoint of \(pool.id) is ready (\(pool.matchedEndpoints) selected).",
      retryAfterSeconds: retryAfter)
  }

  static func saturated(_ pool: PoolID, _ criticality: Criticality, retryAfter: Int) -> GatewayError {
    GatewayError(
      .saturated, "Every endpoint of \(pool) is too busy for requests of criticality \(criticality.rawValue).",
      retryAfterSeconds: retryAfter)
  }

  static func queueTimeout(_ binding: PoolBinding, after patience: UInt64, retryAfter: Int) -> GatewayError {
    GatewayError(
      .queueTimeout,
      "Every endpoint of \(binding.pool.id) stayed too busy for requests of criticality "
        + "\(binding.priority.criticality.rawValue) for the \(patience / 1_000_000_000) s that a request may wait.",
      retryAfterSeconds: retryAfter)
  }
}
