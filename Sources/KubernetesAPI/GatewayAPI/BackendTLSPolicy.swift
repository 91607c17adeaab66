/// Asks for TLS with the endpoints of Services.
///
/// Source: <https://gateway-api.sigs.k8s.io/api-types/backendtlspolicy/>
public struct BackendTLSPolicy: Resource {
  /// The kind's names in the API.
  public static let type = ResourceType(
    group: "gateway.networking.k8s.io", version: "v1", kind: "BackendTLSPolicy", plural: "backendtlspolicies")

  /// Metadata.
  public var metadata: ObjectMeta
  /// Whose endpoints, and what is asked of them.
  public var spec: BackendTLSPolicySpec
  /// What controllers say.
  public var status: PolicyStatus?

  /// Makes the value from its parts.
  public init(metadata: ObjectMeta, spec: BackendTLSPolicySpec, status: PolicyStatus? = nil) {
    self.metadata = metadata
    self.spec = spec
    self.status = status
  }
}

/// Whose endpoints must speak TLS, and what is asked of them.
public struct BackendTLSPolicySpec: Codable, Sendable, Equatable {
  /// Whose endpoints; all of the policy's namespace.
  @OrEmpty public var targetRefs: [PolicyTarget]
  /// What is asked of their certificates.
  public var validation: BackendTLSValidation
  /// Settings of an implementation's own.
  @OrEmpty public var options: [String: String]

  /// Makes the value from its parts.
  public init(targetRefs: [PolicyTarget] = [], validation: BackendTLSValidation, options: [String: String] = [:]) {
    self.targetRefs = targetRefs
    self.validation = validation
    self.options = options
  }
}

/// Names what a policy is for.
///
/// Source: `LocalPolicyTargetReferenceWithSectionName`, Gateway API v1.
public struct PolicyTarget: Codable, Sendable, Equatable {
  /// Its group; empty for the core group.
  @OrEmpty public var group: String
  /// Its kind, such as `Service`.
  @OrEmpty public var kind: String
  /// Its name.
  @OrEmpty public var name: String
  /// The name of a Service's port; all ports when unset.
  public var sectionName: String?

  /// Makes the value from its parts.
  public init(group: String = "", kind: String, name: String, sectionName: String? = nil) {
    self.group = group
    self.kind = kind
    self.name = name
    self.sectionName = sectionName
  }
}

/// What is asked of the certificates of endpoints.
///
/// Source: `BackendTLSPolicyValidation`, Gateway API v1.
public struct BackendTLSValidation: Codable, Sendable, Equatable {
  /// What holds the certificates of the authorities that sign those of endpoints, in the policy's namespace.
  @OrEmpty public var caCertificateRefs: [AuthorityReference]
  /// `System` for the authorities that the system trusts.
  public var wellKnownCACertificates: String?
  /// The name that endpoints are asked for, and that their certificates have unless ``subjectAltNames`` tells others.
  @OrEmpty public var hostname: String
  /// Names of which a certificate must have one.
  @OrEmpty public var subjectAltNames: [SubjectAltName]

  /// Makes the value from its parts.
  public init(
    caCertificateRefs: [AuthorityReference] = [], wellKnownCACertificates: String? = nil, hostname: String,
    subjectAltNames: [SubjectAltName] = []
  ) {
    self.caCertificateRefs = caCertificateRefs
    self.wellKnownCACertificates = wellKnownCACertificates
    self.hostname = hostname
    self.subjectAltNames = subjectAltNames
  }
}

/// A name in a certificate.
public struct SubjectAltName: Codable, Sendable, Equatable {
  /// `Hostname` or `URI`.
  @OrEmpty public var type: String
  /// A host name, perhaps with a wildcard for its first label.
  public var hostname: String?
  /// A URI.
  public var uri: String?

  /// Makes the value from its parts.
  public init(type: String, hostname: String? = nil, uri: String? = nil) {
    self.type = type
    self.hostname = hostname
    self.uri = uri
  }
}

/// What controllers say of a policy.
public struct PolicyStatus: Codable, Sendable, Equatable {
  /// One entry a Gateway for whose requests the policy matters, and controller.
  @OrEmpty public var ancestors: [PolicyAncestorStatus]

  /// Makes the value from its parts.
  public init(ancestors: [PolicyAncestorStatus] = []) {
    self.ancestors = ancestors
  }
}

/// What one controller says of a policy at one Gateway.
public struct PolicyAncestorStatus: Codable, Sendable, Equatable {
  /// The Gateway.
  public var ancestorRef: ParentReference
  /// The controller.
  public var controllerName: String?
  /// Conditions by type.
  @OrEmpty public var conditions: [Condition]

  /// Makes the value from its parts.
  public init(ancestorRef: ParentReference, controllerName: String? = nil, conditions: [Condition] = []) {
    self.ancestorRef = ancestorRef
    self.controllerName = controllerName
    self.conditions = conditions
  }
}
