/// The TLS of one listener.
///
/// Source: `ListenerTLSConfig`, Gateway API v1.
public struct ListenerTLS: Codable, Sendable, Equatable {
  /// `Terminate` when unset, or `Passthrough`.
  public var mode: String?
  /// The certificates that the listener shows.
  @OrEmpty public var certificateRefs: [SecretReference]
  /// Settings of an implementation's own.
  @OrEmpty public var options: [String: String]

  /// Makes the value from its parts.
  public init(mode: String? = nil, certificateRefs: [SecretReference] = [], options: [String: String] = [:]) {
    self.mode = mode
    self.certificateRefs = certificateRefs
    self.options = options
  }
}

/// Names a Secret, or what an implementation takes in its place.
///
/// Source: `SecretObjectReference`, Gateway API v1.
public struct SecretReference: Codable, Sendable, Equatable {
  /// The core group when unset.
  public var group: String?
  /// `Secret` when unset.
  public var kind: String?
  /// Its name.
  @OrEmpty public var name: String
  /// The namespace of whoever refers to it when unset.
  public var namespace: String?

  /// Makes the value from its parts.
  public init(group: String? = nil, kind: String? = nil, name: String, namespace: String? = nil) {
    self.group = group
    self.kind = kind
    self.name = name
    self.namespace = namespace
  }
}

/// The TLS of a Gateway as a whole.
///
/// Source: `GatewayTLSConfig`, Gateway API v1.
public struct GatewayTLS: Codable, Sendable, Equatable {
  /// What endpoints are shown.
  public var backend: BackendTLS?
  /// What is asked of clients.
  public var frontend: FrontendTLS?

  /// Makes the value from its parts.
  public init(backend: BackendTLS? = nil, frontend: FrontendTLS? = nil) {
    self.backend = backend
    self.frontend = frontend
  }
}

/// What a Gateway shows of itself to endpoints that it speaks TLS with.
///
/// Source: `GatewayBackendTLS`, Gateway API v1.
public struct BackendTLS: Codable, Sendable, Equatable {
  /// The Secret with the certificate for endpoints that ask for one.
  public var clientCertificateRef: SecretReference?

  /// Makes the value from its parts.
  public init(clientCertificateRef: SecretReference? = nil) {
    self.clientCertificateRef = clientCertificateRef
  }
}

/// What is asked of clients at the HTTPS listeners of a Gateway.
///
/// Source: `FrontendTLSConfig`, Gateway API v1.
public struct FrontendTLS: Codable, Sendable, Equatable {
  /// What holds at every port that ``perPort`` does not name.
  public var `default`: ClientTLS?
  /// What holds at single ports, in place of ``default``.
  @OrEmpty public var perPort: [PortTLS]

  /// Makes the value from its parts.
  public init(`default`: ClientTLS? = nil, perPort: [PortTLS] = []) {
    self.`default` = `default`
    self.perPort = perPort
  }

  /// What holds at a port.
  public func validation(at port: Int) -> ClientValidation? {
    if let own = perPort.first(where: { $0.port == port }) { return own.tls?.validation }
    return `default`?.validation
  }
}

/// What is asked of clients at one port.
public struct PortTLS: Codable, Sendable, Equatable {
  /// The port.
  public var port: Int
  /// What holds there.
  public var tls: ClientTLS?

  /// Makes the value from its parts.
  public init(port: Int, tls: ClientTLS? = nil) {
    self.port = port
    self.tls = tls
  }
}

/// What is asked of clients.
///
/// Source: `TLSConfig`, Gateway API v1.
public struct ClientTLS: Codable, Sendable, Equatable {
  /// How their certificates are looked at; they are asked for none when unset.
  public var validation: ClientValidation?

  /// Makes the value from its parts.
  public init(validation: ClientValidation? = nil) {
    self.validation = validation
  }
}

/// How certificates of clients are looked at.
///
/// Source: `FrontendTLSValidation`, Gateway API v1.
public struct ClientValidation: Codable, Sendable, Equatable {
  /// What holds the certificates of the authorities that sign those of clients.
  @OrEmpty public var caCertificateRefs: [AuthorityReference]
  /// `AllowValidOnly` when unset, or `AllowInsecureFallback`.
  public var mode: String?

  /// Makes the value from its parts.
  public init(caCertificateRefs: [AuthorityReference] = [], mode: String? = nil) {
    self.caCertificateRefs = caCertificateRefs
    self.mode = mode
  }
}

/// Names what holds certificates of authorities.
///
/// Source: `ObjectReference`, Gateway API v1.
public struct AuthorityReference: Codable, Sendable, Equatable {
  /// Its group; empty for the core group.
  @OrEmpty public var group: String
  /// Its kind, such as `ConfigMap`.
  @OrEmpty public var kind: String
  /// Its name.
  @OrEmpty public var name: String
  /// The namespace of whoever refers to it when unset.
  public var namespace: String?

  /// Makes the value from its parts.
  public init(group: String, kind: String, name: String, namespace: String? = nil) {
    self.group = group
    self.kind = kind
    self.name = name
    self.namespace = namespace
  }
}
