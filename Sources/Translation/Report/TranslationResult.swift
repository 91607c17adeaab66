public import KubernetesAPI
public import Routing

/// What ``translate(_:)`` makes of a cluster.
public struct TranslationResult: Sendable, Equatable {
  /// What the data plane serves.
  public var table: RoutingTable
  /// What its listeners name: each certificate and each bundle of authorities.
  public var certificates: CertificateStore
  /// What the objects' statuses ought to say.
  public var statuses: StatusReport
  /// The Gateways of which a certificate is not known yet. Their statuses are left as they are, and their listeners name
  /// only what is known.
  public var waiting: Set<ObjectName>

  /// What shall become of the objects of each Gateway; a Gateway that has none here shall have no objects.
  public var plans: [ObjectKey: GatewayPlan]

  /// A result.
  public init(
    table: RoutingTable, certificates: CertificateStore = CertificateStore(), statuses: StatusReport,
    waiting: Set<ObjectName> = [], plans: [ObjectKey: GatewayPlan] = [:]
  ) {
    self.plans = plans
    self.table = table
    self.certificates = certificates
    self.statuses = statuses
    self.waiting = waiting
  }
}
