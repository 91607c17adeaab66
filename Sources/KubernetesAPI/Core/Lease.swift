/// A lease: who leads, until when.
///
/// Source: <https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/lease-v1/>
public struct Lease: Resource {
  /// The kind's names in the API.
  public static let type = ResourceType(group: "coordination.k8s.io", version: "v1", kind: "Lease", plural: "leases")

  /// Metadata.
  public var metadata: ObjectMeta
  /// The lease itself.
  public var spec: LeaseSpec?

  /// Makes the value from its parts.
  public init(metadata: ObjectMeta, spec: LeaseSpec? = nil) {
    self.metadata = metadata
    self.spec = spec
  }
}

/// Who leads, until when.
public struct LeaseSpec: Codable, Sendable, Equatable {
  /// Who holds it.
  public var holderIdentity: String?
  /// How long others wait after the last renewal.
  public var leaseDurationSeconds: Int?
  /// When the holder took it, to the microsecond.
  public var acquireTime: Timestamp?
  /// When the holder renewed it, to the microsecond.
  public var renewTime: Timestamp?
  /// How often it changed hands.
  public var leaseTransitions: Int?

  /// Makes the value from its parts.
  public init(
    holderIdentity: String? = nil, leaseDurationSeconds: Int? = nil, acquireTime: Timestamp? = nil,
    renewTime: Timestamp? = nil, leaseTransitions: Int? = nil
  ) {
    self.holderIdentity = holderIdentity
    self.leaseDurationSeconds = leaseDurationSeconds
    self.acquireTime = acquireTime
    self.renewTime = renewTime
    self.leaseTransitions = leaseTransitions
  }
}
