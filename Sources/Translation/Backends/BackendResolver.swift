import KubernetesAPI
import Routing

/// A reference to a backend, resolved.
struct ResolvedBackend {
  /// Where requests go.
  var target: BackendTarget
  /// The pool it names, if the reference resolves, whether or not the pool can take requests.
  var pool: PoolID?
  /// Why the reference does not resolve.
  var problem: Finding?
}

/// Resolves the references to backends in routes.
struct BackendResolver {
  let cluster: ClusterIndex
  let policies: BackendTLSPolicies
  /// The kind of route whose references they are.
  let kind: RouteKind

  /// Resolves the reference at `field` (for example `spec.rules[0].backendRefs[1]`) of a route in `namespace`.
  func resolve(_ reference: BackendObjectReference, field: String, namespace: String) -> ResolvedBackend {
    switch target(of: reference, namespace: namespace) {
    case .success(let pool):
      // The reference is right; what is wrong with the pool itself, or with a policy for it, is said in
      // their own statuses.
      let obstacle = cluster.poolSource(pool)?.obstacle(in: cluster) ?? policies.obstacle(of: pool)
      let target = obstacle.map { BackendTarget.invalid(reason: "\(pool): \($0.message)") } ?? .pool(pool)
      return ResolvedBackend(target: target, pool: pool)
    case .failure(let refusal):
      let problem = Finding(refusal.finding.reason, "\(field): \(refusal.finding.message)")
      return ResolvedBackend(target: .invalid(reason: problem.message), problem: problem)
    }
  }

  private struct Refusal: Error {
    let finding: Finding

    init(_ reason: ConditionReason, _ message: String) { finding = Finding(reason, message) }
  }

  private func target(of reference: BackendObjectReference, namespace: String) -> Result<PoolID, Refusal> {
    let key = ObjectKey(namespace: reference.namespace ?? namespace, name: reference.name)
    let wanted = reference.kind ?? "Service"
    let group = reference.group ?? ""
    let poolKind: PoolID.Kind
    switch (wanted, group) {
    case ("Service", ""): poolKind = .service
    case ("InferencePool", InferencePool.type.group): poolKind = .inferencePool
    case ("InferencePool", InferencePoolV1Alpha2.type.group): poolKind = .inferencePoolV1Alpha2
    case ("InferencePool", ""): poolKind = kindOfPoolWithoutGroup(key)
    default: return .failure(unknownKind(wanted, group: group))
    }
    let targetGroup = poolKind.group
    guard cluster.grants.permits(kind.rawValue, of: namespace, toName: key, group: targetGroup, kind: wanted) else {
      return .failure(
        Refusal(
          .refNotPermitted,
          "\(wanted) \(key) is in another namespace: add a ReferenceGrant in namespace \(key.namespace) from \(kind.rawValue) of "
            + "namespace \(namespace) to kind \(wanted)\(targetGroup.isEmpty ? "" : " of group \(targetGroup)")"))
    }
    return poolKind == .service ? service(key, port: reference.port) : pool(poolKind, key, group: group)
  }

  /// The group of a `backendRef` defaults to the core group, where no InferencePool lives; but guides write it so, and
  /// nothing else can be meant.
  private func kindOfPoolWithoutGroup(_ key: ObjectKey) -> PoolID.Kind {
    cluster.pools[key] == nil && cluster.poolsV1Alpha2[key] != nil ? .inferencePoolV1Alpha2 : .inferencePool
  }

  private func unknownKind(_ kind: String, group: String) -> Refusal {
    let known = "use Service (group \"\"), or InferencePool of group \(InferencePool.type.group)"
    return Refusal(.invalidKind, "kind \(kind) of group \"\(group)\" is no backend: \(known)")
  }

  private func pool(_ kind: PoolID.Kind, _ key: ObjectKey, group: String) -> Result<PoolID, Refusal> {
    let id = PoolID(kind, key.objectName)
    if cluster.poolSource(id) != nil { return .success(id) }
    let other: PoolID.Kind = kind == .inferencePool ? .inferencePoolV1Alpha2 : .inferencePool
    let hint =
      !group.isEmpty && cluster.poolSource(PoolID(other, key.objectName)) != nil
      ? "there is one of group \(other.group): set group to that"
      : "create it, or correct the name"
    return .failure(Refusal(.backendNotFound, "InferencePool \(key) of group \(kind.group) does not exist: \(hint)"))
  }

  private func service(_ key: ObjectKey, port: Int?) -> Result<PoolID, Refusal> {
    guard let service = cluster.services[key] else {
      return .failure(Refusal(.backendNotFound, "Service \(key) does not exist: create it, or correct the name"))
    }
    if service.spec?.type == "ExternalName" {
      return .failure(
        Refusal(.invalidKind, "Service \(key) is of type ExternalName, which is not served: use one with endpoints"))
    }
    let ports = (service.spec?.ports ?? []).filter { ($0.protocol ?? "TCP") == kind.backendProtocol }
    let choice = "use one of " + ports.map { String($0.port) }.joined(separator: ", ")
    guard let port else {
      return .failure(Refusal(.backendNotFound, "port is required for Service \(key): \(choice)"))
    }
    guard let servicePort = ports.first(where: { $0.port == port }) else {
      return .failure(
        Refusal(.backendNotFound, "Service \(key) has no \(kind.backendProtocol) port \(port): \(choice)"))
    }
    if let appProtocol = servicePort.appProtocol, AppProtocol(appProtocol) == nil {
      return .failure(
        Refusal(
          .unsupportedProtocol,
          "port \(port) of Service \(key) has appProtocol \(appProtocol), which is not served: \(AppProtocol.choice)"))
    }
    return .success(PoolID(.service, key.objectName, port: port))
  }
}

extension PoolID.Kind {
  /// The API group of the kind.
  var group: String {
    switch self {
    case .inferencePool: InferencePool.type.group
    case .inferencePoolV1Alpha2: InferencePoolV1Alpha2.type.group
    case .service: ""
    }
  }
}
