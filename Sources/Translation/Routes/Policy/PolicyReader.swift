import KubernetesAPI
import Routing

/// Reads what a rule of a route, or one of its backends, asks beyond where its requests go.
///
/// Everything is read, however much is wrong: the author is told of all mistakes at once.
struct PolicyReader {
  /// Whose filters are read.
  enum Owner {
    case rule, backend
  }

  let owner: Owner
  let rule: HTTPRouteRule
  /// The namespace of the route.
  let namespace: String
  let resolver: BackendResolver

  /// What was read.
  var policy = RulePolicy()
  /// What cannot be served, one finding a field.
  var problems: [Finding] = []
  /// What is wrong with references to backends. A filter with a reference that does not resolve is left out, and its
  /// rule is served: it is told of in `ResolvedRefs` only.
  var unresolved: [Finding] = []
  /// The pools that filters name.
  var pools: [PoolID] = []
  /// The field that sets the header `host`.
  var hostField: String?

  /// Reads filters, time limits and retries of the rule at `field` (for example `spec.rules[0]`).
  init(rule: HTTPRouteRule, field: String, namespace: String, resolver: BackendResolver) {
    self.init(owner: .rule, rule: rule, namespace: namespace, resolver: resolver)
    readFilters(rule.filters, field: field)
    readLimits(field: field)
    if policy.redirect != nil, !rule.backendRefs.isEmpty {
      refuse("\(field).backendRefs get no request, since RequestRedirect answers all of them: remove one of the two")
    }
  }

  /// Reads the filters of a backend at `field` (for example `spec.rules[0].backendRefs[1]`) of the rule.
  init(backend: HTTPBackendRef, of rule: HTTPRouteRule, field: String, namespace: String, resolver: BackendResolver) {
    self.init(owner: .backend, rule: rule, namespace: namespace, resolver: resolver)
    readFilters(backend.filters, field: field)
  }

  private init(owner: Owner, rule: HTTPRouteRule, namespace: String, resolver: BackendResolver) {
    self.owner = owner
    self.rule = rule
    self.namespace = namespace
    self.resolver = resolver
  }

  /// What was read; `nil` if nothing is asked for.
  var asked: RulePolicy? { policy.isEmpty ? nil : policy }

  /// Notes what cannot be served: which field, with which value, and what to do.
  mutating func refuse(_ message: String, reason: ConditionReason = .unsupportedValue) {
    problems.append(Finding(reason, message))
  }

  /// Notes a member that cannot be read.
  mutating func refuse(_ unreadable: UnreadableMember, field: String) {
    refuse(
      "\(field)\(unreadable.path) is \(unreadable.found), which is not what Gateway API v1.6 has there: correct it")
  }

  private mutating func readFilters(_ filters: [HTTPRouteFilter], field: String) {
    var places: [String: String] = [:]
    for (index, filter) in filters.enumerated() {
      let place = "\(field).filters[\(index)]"
      if let first = places[filter.type], !Self.repeatable.contains(filter.type) {
        refuse("\(place) is a second \(filter.type), after \(first): make one filter of both")
        continue
      }
      places[filter.type] = places[filter.type] ?? place
      read(filter, field: place)
    }
    if let redirect = places["RequestRedirect"], let rewrite = places["URLRewrite"] {
      refuse(
        "\(redirect) (RequestRedirect) and \(rewrite) (URLRewrite) exclude each other: remove one of the two",
        reason: .incompatibleFilters)
    }
  }

  private static let repeatable: Set<String> = ["RequestMirror", "ExtensionRef"]
}
