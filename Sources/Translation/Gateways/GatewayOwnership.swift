import KubernetesAPI

/// Tells which Gateways are ours to serve.
///
/// The class of a Gateway says whose it is. While there is no object of the class's name, a Gateway stays with the
/// controller that serves it: deleting a class that is in use must not end traffic (Gateway API v1, GatewayClass). That
/// we serve a Gateway stands in its status, where every replica can read it and a restart does not lose it: our
/// condition Accepted, true or false, begins with the controller's name. It is also how we know, when the Gateway went to another controller,
/// whether its status still says what is not true any more.
struct GatewayOwnership {
  /// What has become of the class of a Gateway.
  enum ClassStanding {
    case present
    /// It is being deleted, and held by the Gateways that name it.
    case leaving
    /// It does not exist (any more).
    case gone
  }

  private let controllerName: String
  private let controllers: [String: String]
  private let leaving: Set<String>

  init(_ state: ClusterState) {
    controllerName = state.controllerName
    controllers = Dictionary(
      state.gatewayClasses.map { ($0.metadata.name, $0.spec.controllerName) }, uniquingKeysWith: { first, _ in first })
    leaving = Set(state.gatewayClasses.filter { $0.metadata.deletionTimestamp != nil }.map(\.metadata.name))
  }

  /// What has become of the Gateway's class.
  func classStanding(of gateway: Gateway) -> ClassStanding {
    if controller(of: gateway) == nil { return .gone }
    return leaving.contains(gateway.spec.gatewayClassName) ? .leaving : .present
  }

  /// The controller of the Gateway's class; `nil` where there is no such class.
  func controller(of gateway: Gateway) -> String? { controllers[gateway.spec.gatewayClassName] }

  /// Whether the Gateway is ours to serve.
  func isOurs(_ gateway: Gateway) -> Bool {
    controller(of: gateway).map { $0 == controllerName } ?? isSigned(gateway)
  }

  /// Whether the Gateway is another controller's while its status is still of our making.
  func hasLeft(_ gateway: Gateway) -> Bool { !isOurs(gateway) && isSigned(gateway) }

  /// One that we refuse is ours as well: its author may mend it while the class is gone.
  private func isSigned(_ gateway: Gateway) -> Bool {
    gateway.status?.conditions.contains {
      $0.is(.accepted) && $0.status != "Unknown"
        && $0.message.hasPrefix(Self.signature(controllerName, accepts: $0.status == "True"))
    } ?? false
  }

  /// Whether the status of the ListenerSet is of our making.
  func isSigned(_ set: ListenerSet) -> Bool {
    set.status?.conditions.contains {
      $0.is(.accepted) && $0.status != "Unknown"
        && $0.message.hasPrefix(Self.signature(controllerName, accepts: $0.status == "True", ListenerSet.self))
    } ?? false
  }

  /// How the message of our condition Accepted begins.
  static func signature<R: Resource>(
    _ controllerName: String, accepts: Bool, _ kind: R.Type = Gateway.self
  ) -> String {
    "\(controllerName) \(accepts ? "accepts" : "does not accept") the \(R.type.kind)"
  }
}
