import KubernetesAPI
import Routing

/// A route, with all that was found out about it.
struct TranslatedRoute {
  let route: HTTPRoute
  let rules: [TranslatedRule]
  let attachments: [RouteAttachment]
  /// Why the route is refused whatever its parents say.
  let unsupported: Finding?
  /// What is wrong with its references.
  let unresolved: Finding?

  /// Whether requests are served by this attachment.
  func isAccepted(_ attachment: RouteAttachment) -> Bool { unsupported == nil && attachment.problem == nil }

  /// The InferencePools and Services that the route names, each once, in their order.
  var pools: [PoolID] { Set(rules.flatMap(\.pools)).sorted() }
}

/// One rule of a route.
struct TranslatedRule {
  let matches: [RequestMatch]
  let backends: [WeightedBackend]
  let pools: [PoolID]
}

/// Translates one route at a time.
struct RouteTranslator {
  let attacher: RouteAttacher
  let resolver: BackendResolver

  /// Translates a route.
  func translate(_ route: HTTPRoute) -> TranslatedRoute {
    var unsupported = unsupportedFields(of: route)
    var unresolved: [Finding] = []
    var rules: [TranslatedRule] = []
    for (index, rule) in route.spec.rules.enumerated() {
      let field = "spec.rules[\(index)]"
      let matches = RuleMatches(rule, field: field)
      unsupported += matches.problems
      let backends = rule.backendRefs.enumerated().map {
        resolver.resolve($1, field: "\(field).backendRefs[\($0)]", namespace: route.metadata.namespace)
      }
      unresolved += backends.compactMap(\.problem)
      rules.append(
        TranslatedRule(
          matches: matches.matches, backends: backends.map(\.backend), pools: backends.compactMap(\.pool)))
    }
    return TranslatedRoute(
      route: route, rules: rules, attachments: attacher.attachments(of: route),
      unsupported: unsupported.isEmpty ? nil : Finding("UnsupportedValue", unsupported.joined(separator: "; ")),
      unresolved: joined(unresolved))
  }

  /// The reason of the first finding, the messages of all.
  private func joined(_ findings: [Finding]) -> Finding? {
    findings.first.map { Finding($0.reason, findings.map(\.message).joined(separator: "; ")) }
  }
}

extension TranslatedRoute {
  /// Our entries of `status.parents`, in the order of the `parentRefs`, as many as the API takes.
  func parentStatuses(controllerName: String) -> [RouteParentStatus] {
    attachments.prefix(StatusReport.maximumParents).map { attachment in
      RouteParentStatus(
        parentRef: attachment.reference, controllerName: controllerName,
        conditions: [
          Condition(
            "Accepted", unless: attachment.problem ?? unsupported, reason: "Accepted",
            "the Gateway serves the route", of: route.metadata),
          Condition(
            "ResolvedRefs", unless: unresolved, reason: "ResolvedRefs", "all references are resolved",
            of: route.metadata),
        ])
    }
  }

  /// The rules of the table for one listener's host names, in the order of the route.
  func tableRules(hostnames: [HostnamePattern?]) -> [RouteRule] {
    hostnames.flatMap { hostname in
      rules.enumerated().flatMap { index, rule in
        rule.matches.map {
          RouteRule(
            route: route.key.objectName, index: index, hostname: hostname, match: $0, backends: rule.backends)
        }
      }
    }
  }
}
