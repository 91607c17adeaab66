import KubernetesAPI
import Routing

/// A route, with all that was found out about it.
struct TranslatedRoute {
  let route: RouteSource
  let rules: [TranslatedRule]
  var attachments: [RouteAttachment]
  /// What is wrong with its references.
  let unresolved: Finding?

  /// Why the route is refused whatever its parents say: none of its rules can be served.
  ///
  /// Source: `RouteParentStatus.conditions`, Gateway API v1: "A Route MUST be considered "Accepted" if at least one of
  /// the Route's rules is implemented by the Gateway."
  var unsupported: Finding? {
    guard !rules.isEmpty, rules.allSatisfy(\.isDropped) else { return nil }
    let problems = rules.flatMap(\.problems)
    let isIncompatible = problems.allSatisfy { $0.reason == .incompatibleFilters }
    return Finding(
      isIncompatible ? .incompatibleFilters : .unsupportedValue,
      problems.map(\.message).joined(separator: "; "))
  }

  /// Which rules are dropped while others are served.
  var partlyUnsupported: Finding? {
    let dropped = rules.filter(\.isDropped)
    guard !dropped.isEmpty, dropped.count < rules.count else { return nil }
    // The beginning and the reason are prescribed: `RouteConditionPartiallyInvalid`, Gateway API v1.
    let title = dropped.count == 1 ? "Dropped Rule " : "Dropped Rules "
    return Finding(.unsupportedValue, title + dropped.map(\.whyDropped).joined(separator: "; "))
  }

  /// What is legal and hardly meant: rules that are served, and have nowhere to send a request.
  ///
  /// Source: `HTTPRouteRule.backendRefs` and `HTTPBackendRef.weight`, Gateway API v1.
  var oddities: String {
    let effect = route.kind == .tls ? "connections are closed" : "requests get 500"
    return rules.filter { !$0.isDropped && $0.policy?.redirect == nil }.compactMap { rule in
      if rule.backends.isEmpty { return "; \(rule.field).backendRefs is empty, so that \(effect): add a backend" }
      guard rule.backends.allSatisfy({ $0.weight == 0 }) else { return nil }
      return "; \(rule.field).backendRefs have weight 0, all of them, so that \(effect): give one of them a weight"
    }.joined()
  }

  /// Whether requests are served by this attachment.
  func isAccepted(_ attachment: RouteAttachment) -> Bool { unsupported == nil && attachment.problem == nil }

  /// The InferencePools and Services that the route names, each once, in their order.
  var pools: [PoolID] { Set(rules.flatMap(\.pools)).sorted() }

  /// Those of them that a rule names which is served.
  var servedPools: Set<PoolID> { Set(rules.filter { !$0.isDropped }.flatMap(\.pools)) }
}

/// One rule of a route.
struct TranslatedRule {
  /// Its place, for messages.
  let field: String
  /// Its place and name, for messages.
  let title: String
  /// Those that can be read.
  let matches: [RequestMatch]
  /// Whether there are others, which cannot.
  let hasUnreadableMatches: Bool
  let backends: [WeightedBackend]
  /// What it asks beyond where its requests go.
  let policy: RulePolicy?
  /// The pools that its backends and mirrors name.
  let pools: [PoolID]
  /// What of it cannot be served, one finding a field.
  let problems: [Finding]

  /// Whether the rule forwards nothing.
  ///
  /// A dropped rule stays in the table with those of its matches that can be read, and answers 500: its requests must
  /// not go to a less specific rule, and reach a backend that its author never meant for them. Gateway API v1 leaves the
  /// answer open for most fields; of a filter that cannot be resolved it says "MUST NOT be skipped. Instead, requests
  /// that would have been processed by that filter MUST receive a HTTP error response" (`HTTPRouteFilter.type`), and
  /// GEP-1364 says 500. A match that cannot be read takes no request: nobody can tell which it would have taken.
  var isDropped: Bool { !problems.isEmpty }

  /// All of ``problems`` as one text.
  fileprivate var messages: String { problems.map(\.message).joined(separator: "; ") }

  /// Which rule is dropped, what its requests get, and why.
  fileprivate var whyDropped: String {
    let effect =
      matches.isEmpty
      ? "takes no request" : hasUnreadableMatches ? "requests of its other matches get 500" : "requests get 500"
    return "\(title), \(effect): " + messages
  }
}

/// Translates one route at a time.
struct RouteTranslator {
  let attacher: RouteAttacher
  let policies: BackendTLSPolicies

  private var cluster: ClusterIndex { attacher.cluster }

  /// Translates a route.
  func translate(_ route: RouteSource) -> TranslatedRoute {
    var unresolved: [Finding] = []
    let resolver = BackendResolver(cluster: cluster, policies: policies, kind: route.kind)
    let rules = route.rules.map {
      translate($0, namespace: route.metadata.namespace, resolver, unresolved: &unresolved)
    }
    return TranslatedRoute(
      route: route, rules: rules, attachments: attacher.attachments(of: route), unresolved: Finding(unresolved))
  }

  private func translate(
    _ source: RuleSource, namespace: String, _ resolver: BackendResolver, unresolved: inout [Finding]
  ) -> TranslatedRule {
    let (rule, field, matches) = (source.rule, source.field, source.matches)
    let reader = PolicyReader(rule: rule, field: field, namespace: namespace, resolver: resolver)
    let backends = rule.backendRefs.enumerated().map { index, reference in
      translate(reference, of: rule, field: "\(field).backendRefs[\(index)]", namespace: namespace, resolver)
    }
    unresolved += backends.flatMap(\.unresolved) + reader.unresolved
    return TranslatedRule(
      field: field, title: rule.name.map { "\(field) (\($0))" } ?? field, matches: matches.matches,
      hasUnreadableMatches: matches.hasUnreadable, backends: backends.map(\.backend), policy: reader.asked,
      pools: backends.flatMap(\.pools) + reader.pools,
      problems: matches.problems.map { Finding(.unsupportedValue, $0) } + reader.problems
        + backends.flatMap(\.problems)
        + unsupportedFields(of: rule, field: field))
  }

  private func translate(
    _ reference: HTTPBackendRef, of rule: HTTPRouteRule, field: String, namespace: String, _ resolver: BackendResolver
  ) -> TranslatedBackend {
    let resolved = resolver.resolve(reference.object, field: field, namespace: namespace)
    let reader = PolicyReader(backend: reference, of: rule, field: field, namespace: namespace, resolver: resolver)
    return TranslatedBackend(
      backend: WeightedBackend(weight: max(0, reference.weight ?? 1), target: resolved.target, policy: reader.asked),
      pools: [resolved.pool].compactMap(\.self) + reader.pools, problems: reader.problems,
      unresolved: [resolved.problem].compactMap(\.self) + reader.unresolved)
  }
}

/// One backend of a rule.
private struct TranslatedBackend {
  let backend: WeightedBackend
  /// The pools that it and its mirrors name.
  let pools: [PoolID]
  /// What of its filters cannot be served.
  let problems: [Finding]
  let unresolved: [Finding]
}

extension TranslatedRoute {
  /// Our entries of `status.parents`, in the order of the `parentRefs`, as many as the API takes.
  func parentStatuses(controllerName: String) -> [RouteParentStatus] {
    attachments.prefix(StatusReport.maximumParents).map { attachment in
      RouteParentStatus(
        parentRef: attachment.reference, controllerName: controllerName, conditions: conditions(at: attachment))
    }
  }

  /// PartiallyInvalid is there only where it holds, and only beside Accepted=True: so says
  /// `RouteConditionPartiallyInvalid`, Gateway API v1.
  private func conditions(at attachment: RouteAttachment) -> [Condition] {
    let refusal = attachment.problem ?? unsupported
    let partly = refusal == nil ? partlyUnsupported : nil
    var conditions = [
      Condition(
        .accepted, unless: refusal, reason: .accepted,
        (partly == nil
          ? "the Gateway serves the route"
          : "the Gateway serves the route but for some rules: condition PartiallyInvalid names them") + oddities,
        of: route.metadata
      ),
      Condition(
        .resolvedRefs, unless: unresolved, reason: .resolvedRefs, "all references are resolved", of: route.metadata),
    ]
    if let partly {
      conditions.append(
        Condition(.partiallyInvalid, .true, partly.reason, partly.message, of: route.metadata))
    }
    return conditions
  }

  /// The rules of the table for one listener's host names, in the order of the route.
  func tableRules(hostnames: [HostnamePattern?]) -> [RouteRule] {
    hostnames.flatMap { hostname in
      rules.enumerated().flatMap { index, rule in
        rule.matches.map { match in
          RouteRule(
            route: route.key.objectName, index: index, hostname: hostname, match: match,
            backends: rule.isDropped ? [] : rule.backends,
            dropped: rule.isDropped ? rule.messages : nil, policy: rule.isDropped ? nil : rule.policy)
        }
      }
    }
  }
}
