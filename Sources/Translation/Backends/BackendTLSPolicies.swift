import KubernetesAPI
import Routing

/// What BackendTLSPolicies ask of endpoints and of pickers, and what becomes of each policy.
///
/// Of several policies for one target the oldest holds; one for a port of a Service goes before one for all of it. A policy that
/// holds and cannot be honoured closes its target: in clear would be what nobody asked for.
struct BackendTLSPolicies {
  /// What a policy is for, as conflicts are found.
  fileprivate struct Target: Hashable {
    var kind: PoolID.Kind
    var object: ObjectKey
    var port: String?

    var description: String { "\(kind.rawValue) \(object)" + (port.map { ", port \($0)" } ?? "") }
  }

  private let cluster: ClusterIndex
  private let requests: [ObjectKey: BackendTLSRequest]
  private let holders: [Target: ObjectKey]

  init(_ cluster: ClusterIndex, _ certificates: CertificateResolver) {
    self.cluster = cluster
    var holders: [Target: ObjectKey] = [:]
    for policy in cluster.backendTLSPolicies {
      for target in policy.targets where holders[target] == nil { holders[target] = policy.key }
    }
    self.holders = holders
    requests = cluster.backendTLSPolicies.reduce(into: [:]) {
      $0[$1.key] = BackendTLSRequest($1, certificates)
    }
  }

  /// What is spoken with the endpoints of a pool; `takesCalls`: a GRPCRoute names it.
  func transport(of id: PoolID, takesCalls: Bool) -> UpstreamTransport {
    var transport = cluster.transport(of: id, takesCalls: takesCalls)
    if let request = request(for: id) { transport.security = request.security }
    return transport
  }

  /// Why a pool's endpoints get no request.
  func obstacle(of id: PoolID) -> Finding? {
    guard let policy = holder(for: id), let refusal = requests[policy]?.refusal else { return nil }
    return Finding(refusal.reason, "BackendTLSPolicy \(policy): \(refusal.message)")
  }

  /// The picker that a pool names, and how it is spoken to. A policy for its Service that holds and cannot be honoured closes it.
  func picker(of pool: PoolSource) -> ExternalPicker? {
    guard var picker = pool.picker?.picker(namespace: pool.metadata.namespace, in: cluster) else { return nil }
    let service = PoolID(.service, picker.service, port: picker.port)
    if let obstacle = obstacle(of: service) {
      picker.transport = .closed(obstacle.message)
    } else if let request = request(for: service) {
      picker.transport = .tls(request.security)
    }
    return picker
  }

  /// The Gateways that route to what a policy is for that names something which is not known yet.
  func waitingGateways(_ uses: [PoolID: [PoolUse]]) -> [ObjectKey] {
    let waiting = cluster.backendTLSPolicies.filter { requests[$0.key]?.isWaiting == true }
    let users = waiting.isEmpty ? [:] : users(uses)
    return waiting.flatMap { gateways(of: $0, users) }
  }

  /// Our entries of every policy, one a Gateway that routes to what the policy is for; those that wait are left out.
  func statuses(_ uses: [PoolID: [PoolUse]]) -> [ObjectKey: [PolicyAncestorStatus]] {
    let users = users(uses)
    return cluster.backendTLSPolicies.reduce(into: [:]) { statuses, policy in
      guard let request = requests[policy.key], !request.isWaiting else { return }
      let conditions = conditions(of: policy, request)
      statuses[policy.key] = gateways(of: policy, users).prefix(StatusReport.maximumAncestors).map { gateway in
        PolicyAncestorStatus(
          ancestorRef: ParentReference(
            group: GatewayAPIName.group, kind: "Gateway", namespace: gateway.namespace, name: gateway.name),
          controllerName: cluster.controllerName, conditions: conditions)
      }
    }
  }

  /// The Gateways that use each object: that route to it, or to a pool that it picks for.
  private func users(_ uses: [PoolID: [PoolUse]]) -> [Target: Set<ObjectKey>] {
    if cluster.backendTLSPolicies.isEmpty { return [:] }
    return uses.reduce(into: [:]) { users, pool in
      let gateways = pool.value.map(\.gateway)
      users[Target(kind: pool.key.kind, object: pool.key.object.key), default: []].formUnion(gateways)
      guard let picker = cluster.poolSource(pool.key).flatMap({ self.picker(of: $0) }) else { return }
      users[Target(kind: .service, object: picker.service.key), default: []].formUnion(gateways)
    }
  }

  private func gateways(of policy: BackendTLSPolicy, _ users: [Target: Set<ObjectKey>]) -> [ObjectKey] {
    let objects = policy.targets.map { Target(kind: $0.kind, object: $0.object) }
    return objects.reduce(into: Set()) { $0.formUnion(users[$1] ?? []) }.sorted()
  }

  private func holder(for id: PoolID) -> ObjectKey? {
    let whole = Target(kind: id.kind, object: id.object.key)
    let name = id.port.flatMap { cluster.servicePort(of: id.object.key, $0)?.name }
    return name.flatMap { holders[Target(kind: id.kind, object: id.object.key, port: $0)] } ?? holders[whole]
  }

  private func request(for id: PoolID) -> BackendTLSRequest? { holder(for: id).flatMap { requests[$0] } }

  private func conditions(of policy: BackendTLSPolicy, _ request: BackendTLSRequest) -> [Condition] {
    let refusal = targetProblem(of: policy) ?? request.refusal
    return [
      Condition(
        .accepted, unless: refusal, reason: .accepted,
        "endpoints must show a certificate for \(policy.spec.validation.hostname)", of: policy.metadata),
      Condition(
        .resolvedRefs, unless: request.unresolved, reason: .resolvedRefs, "all references resolve",
        of: policy.metadata),
    ]
  }

  /// Why a policy holds for none of its targets.
  private func targetProblem(of policy: BackendTLSPolicy) -> Finding? {
    let targets = policy.targets
    let lost = targets.filter { holders[$0] != policy.key }
    if let first = lost.first, lost.count == targets.count {
      let holder = holders[first].map { "BackendTLSPolicy \($0)" } ?? "another"
      return Finding(
        .conflicted,
        "spec.targetRefs: \(first.description) has \(holder), which is older: remove one, or name another target")
    }
    let missing = targets.filter { target in
      guard target.kind == .service, let port = target.port else { return false }
      return cluster.services[target.object]?.spec?.ports.contains { $0.name == port } != true
    }
    guard let first = missing.first, missing.count == targets.count else { return nil }
    let present = (cluster.services[first.object]?.spec?.ports ?? []).compactMap(\.name).joined(separator: ", ")
    return Finding(
      .targetNotFound,
      "spec.targetRefs names port \(first.port ?? ""), which Service \(first.object) does not have: "
        + (present.isEmpty ? "give its port a name, or remove sectionName" : "use one of \(present) as sectionName"))
  }
}

extension BackendTLSPolicy {
  /// What it is for, as far as that can be a backend; each once.
  fileprivate var targets: [BackendTLSPolicies.Target] {
    var targets: [BackendTLSPolicies.Target] = []
    for reference in spec.targetRefs {
      let object = ObjectKey(namespace: metadata.namespace, name: reference.name)
      let kind: PoolID.Kind
      switch (reference.kind, reference.group) {
      case ("Service", ""): kind = .service
      case ("InferencePool", InferencePool.type.group): kind = .inferencePool
      case ("InferencePool", InferencePoolV1Alpha2.type.group): kind = .inferencePoolV1Alpha2
      default: continue
      }
      let port = kind == .service ? reference.sectionName.flatMap { $0.isEmpty ? nil : $0 } : nil
      let target = BackendTLSPolicies.Target(kind: kind, object: object, port: port)
      if !targets.contains(target) { targets.append(target) }
    }
    return targets
  }
}
