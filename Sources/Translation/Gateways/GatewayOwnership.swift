import KubernetesAPI

/// Tells which Gateways are ours to serve.
///
/// The class of a Gateway says whose it is. While there is no object of the class's name, a Gateway stays with the
/// controller that serves it: deleting a class that is in use must not end traffic (Gateway API v1, GatewayClass). That
/// we serve a Gateway stands in its status, where every replica can read it and a restart does not lose it: our
/// condition Accepted=True names the controller. It is also how we know, when the Gateway went to another controller,
/// whether its status still says what is not true any more.
struct GatewayOwnership {
  private let controllerName: String
  private let controllers: [String: String]

  init(_ state: ClusterState) {
    controllerName = state.controllerName
    controllers = Dictionary(
      state.gatewayClasses.map { ($0.metadata.name, $0.spec.controllerName) }, uniquingKeysWith: { first, _ in first })
  }

  /// The controller of the Gateway's class; `nil` where there is no such class.
  func controller(of gateway: Gateway) -> String? { controllers[gateway.spec.gatewayClassName] }

  /// Whether the Gateway is ours to serve.
  func isOurs(_ gateway: Gateway) -> Bool {
    controller(of: gateway).map { $0 == controllerName } ?? saysThatWeServe(gateway)
  }

  /// Whether the Gateway is another controller's while its status still says that we serve it.
  func hasLeft(_ gateway: Gateway) -> Bool { !isOurs(gateway) && saysThatWeServe(gateway) }

  private func saysThatWeServe(_ gateway: Gateway) -> Bool {
    let signature = Self.signature(controllerName)
    return gateway.status?.conditions.contains {
      $0.type == "Accepted" && $0.status == "True" && $0.message.hasPrefix(signature)
    } ?? false
  }

  /// How the message of Accepted=True begins.
  static func signature(_ controllerName: String) -> String { "\(controllerName) accepts the Gateway" }
}
