public import KubernetesAPI

/// Which releases of Gateway API the definitions in the cluster are of.
///
/// Kinds of other releases are served as far as they can be read; that we do not know the release is said by `SupportedVersion`.
///
/// Source: `GatewayClassConditionStatusSupportedVersion`, Gateway API v1.
public enum GatewayAPIVersions {
  /// The names of the definitions of the kinds that decide what is served.
  public static let definitions = Set(
    [
      "gatewayclasses", "gateways", "listenersets", "httproutes", "grpcroutes", "tlsroutes", "referencegrants",
      "backendtlspolicies",
    ].map { ObjectKey(name: "\($0).\(GatewayAPIName.group)") })

  /// The annotation of a definition with its release, for example `v1.6.1`.
  public static let annotation = "gateway.networking.k8s.io/bundle-version"

  /// The releases that we know, by their second number.
  private static let known = 0...6

  /// Whether the text is a release that we know, or will become one: `v1.6.1`, `v1.6.0-rc.1`.
  static func isKnown(_ version: String) -> Bool {
    let parts = version.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
    return parts.count == 3 && parts[0] == "v1" && Int(parts[1]).map(known.contains) == true
      && parts[2].first?.isNumber == true
  }

  /// The condition of a GatewayClass; `state` is `nil` where objects come from no cluster.
  static func condition(of gatewayClass: GatewayClass, _ state: NamedObjects<CustomResourceDefinition>?) -> Condition {
    let (status, reason, message) = finding(state)
    // What was said before stays until more is known: a restart is no news.
    let before = gatewayClass.status?.conditions.first { $0.is(.supportedVersion) }
    if status == .unknown, state?.unreadable.isEmpty == true, let before { return before.again(of: gatewayClass) }
    return Condition(.supportedVersion, status, reason, message, of: gatewayClass.metadata)
  }

  private static func finding(
    _ state: NamedObjects<CustomResourceDefinition>?
  ) -> (ConditionStatus, ConditionReason, String) {
    let served = (ConditionStatus.true, ConditionReason.supportedVersion, "\(GatewayAPIName.group)/v1 is supported")
    guard let state else { return served }
    let versions = state.found.mapValues { $0.metadata.annotations[annotation] ?? "" }
    let strange = versions.filter { !isKnown($0.value) }.sorted { $0.key < $1.key }
    if !strange.isEmpty { return (.false, .unsupportedVersion, message(strange.map { ($0.key.name, $0.value) })) }
    if let (key, problem) = state.unreadable.min(by: { $0.key < $1.key }) {
      let message = "CustomResourceDefinition \(key.name) cannot be read, so that its version is not known: \(problem)"
      return (.unknown, .pending, message)
    }
    if !state.unknown.isEmpty {
      return (.unknown, .pending, "waiting for the CustomResourceDefinitions of \(GatewayAPIName.group)")
    }
    // A server may have the kinds of itself.
    if versions.isEmpty { return served }
    return (
      .true, .supportedVersion, "Gateway API \(Set(versions.values).sorted().joined(separator: ", ")) is supported"
    )
  }

  private static func message(_ strange: [(name: String, version: String)]) -> String {
    let found = strange.map { name, version in
      "CustomResourceDefinition \(name) has " + (version.isEmpty ? "none" : version)
    }
    return "annotation \(annotation): " + found.joined(separator: ", ")
      + "; Switchyard knows v1.\(known.lowerBound) to v1.\(known.upperBound): install the definitions of one of these"
  }
}

extension Condition {
  fileprivate func again(of gatewayClass: GatewayClass) -> Condition {
    var condition = self
    condition.observedGeneration = gatewayClass.metadata.generation
    condition.lastTransitionTime = nil
    return condition
  }
}
