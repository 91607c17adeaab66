/// How the pods of a Gateway are run, as far as its owner or that of its class says.
struct GatewayParameters: Sendable, Equatable {
  /// How clients reach the pods.
  enum ServiceType: String, CaseIterable {
    case loadBalancer = "LoadBalancer"
    case nodePort = "NodePort"
    case clusterIP = "ClusterIP"
  }

  /// Between how many pods, and at which use of their requested CPU there shall be more.
  struct Autoscaling: Equatable {
    var minimum = 2
    var maximum = 10
    /// Percent of the CPU that is requested.
    var cpu = 70
  }

  var replicas: Int?
  var autoscaling: Autoscaling?
  var requests: [String: String]?
  var limits: [String: String]?
  var serviceType: ServiceType?
  var serviceAnnotations: [String: String] = [:]

  /// With what `other` says where this says nothing. How many pods there are is one question, however it is answered.
  func filled(from other: GatewayParameters) -> GatewayParameters {
    var result = self
    if replicas == nil, autoscaling == nil {
      (result.replicas, result.autoscaling) = (other.replicas, other.autoscaling)
    }
    result.requests = requests ?? other.requests
    result.limits = limits ?? other.limits
    result.serviceType = serviceType ?? other.serviceType
    result.serviceAnnotations.merge(other.serviceAnnotations) { own, _ in own }
    return result
  }

  static let defaultReplicas = 2
  static let defaultRequests = ["cpu": "200m", "memory": "256Mi"]
  /// Twice what bodies may take together (`--max-held-body-bytes`). CPU has no limit: one that is throttled is late.
  static let defaultLimits = ["memory": "1Gi"]
}
