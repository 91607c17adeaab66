import KubernetesAPI
import Translation

/// Names an object whose status is written.
struct StatusKey: Hashable, Sendable, Comparable {
  /// The kinds, in the order in which their statuses are written when there are many: gateways first, as people wait
  /// for their addresses.
  enum Kind: Int, Sendable {
    case gatewayClass, gateway, listenerSet, httpRoute, grpcRoute, tlsRoute, tcpRoute, udpRoute, inferencePool,
      inferencePoolV1Alpha2, inferenceModel, inferenceObjective, inferenceObjectiveXK8s, inferenceModelRewrite,
      inferenceModelRewriteXK8s,
      backendTLSPolicy
  }

  var kind: Kind
  var object: ObjectKey

  static func < (left: StatusKey, right: StatusKey) -> Bool {
    (left.kind.rawValue, left.object) < (right.kind.rawValue, right.object)
  }
}

extension StatusKey.Kind {
  /// Of the kinds that have nothing but conditions.
  static let plain: [ResourceType: Self] = [
    InferenceModel.type: .inferenceModel,
    InferenceObjective<LLMDGroup>.type: .inferenceObjective,
    InferenceObjective<ExperimentalInferenceGroup>.type: .inferenceObjectiveXK8s,
    InferenceModelRewrite<LLMDGroup>.type: .inferenceModelRewrite,
    InferenceModelRewrite<ExperimentalInferenceGroup>.type: .inferenceModelRewriteXK8s,
  ]

  init(_ kind: RouteKind) {
    self =
      switch kind {
      case .http: .httpRoute
      case .grpc: .grpcRoute
      case .tls: .tlsRoute
      case .tcp: .tcpRoute
      case .udp: .udpRoute
      }
  }
}

/// What an object's status ought to say.
enum DesiredStatus: Sendable, Equatable {
  /// With whether a Gateway names it, which a finalizer says.
  case gatewayClass(GatewayClassStatus, isUsed: Bool)
  case gateway(GatewayStatus)
  case listenerSet(ListenerSetStatus)
  case route([RouteParentStatus])
  case inferencePool([PoolParentStatus])
  case inferencePoolV1Alpha2([PoolParentStatus], gateways: OwnGateways)
  case plain([Condition])
  case backendTLSPolicy([PolicyAncestorStatus])
}

extension StatusReport {
  /// The report, one entry an object. `gateways` are those of this report and of earlier ones.
  func desired(gateways own: OwnGateways) -> [StatusKey: DesiredStatus] {
    var all: [StatusKey: DesiredStatus] = [:]
    func add<Status>(_ kind: StatusKey.Kind, _ statuses: [ObjectKey: Status], _ wrap: (Status) -> DesiredStatus) {
      for (object, status) in statuses { all[StatusKey(kind: kind, object: object)] = wrap(status) }
    }
    for (object, status) in gatewayClasses {
      all[StatusKey(kind: .gatewayClass, object: object)] = .gatewayClass(
        status, isUsed: usedGatewayClasses.contains(object))
    }
    add(.gateway, gateways, DesiredStatus.gateway)
    add(.listenerSet, listenerSets, DesiredStatus.listenerSet)
    for (kind, statuses) in routes { add(StatusKey.Kind(kind), statuses, DesiredStatus.route) }
    add(.inferencePool, inferencePools, DesiredStatus.inferencePool)
    add(.inferencePoolV1Alpha2, inferencePoolsV1Alpha2) { .inferencePoolV1Alpha2($0, gateways: own) }
    for (type, statuses) in plain {
      if let kind = StatusKey.Kind.plain[type] { add(kind, statuses, DesiredStatus.plain) }
    }
    add(.backendTLSPolicy, backendTLSPolicies, DesiredStatus.backendTLSPolicy)
    return all
  }
}
