/// What is spoken with the endpoints of a pool.
public struct UpstreamTransport: Sendable, Hashable {
  /// What carries requests.
  public enum Application: String, Sendable, Hashable {
    /// HTTP/1.1.
    case http1
    /// HTTP/2: with prior knowledge in clear (h2c), by ALPN inside TLS.
    case http2
  }

  /// What carries requests.
  public var application: Application
  /// What is asked of TLS; `nil` in clear.
  public var security: UpstreamTLS?

  /// A transport; by default HTTP/1.1 in clear.
  public init(_ application: Application = .http1, security: UpstreamTLS? = nil) {
    self.application = application
    self.security = security
  }

  /// The same without HTTP: what carries bytes that are not looked into.
  package var ofBytes: UpstreamTransport { UpstreamTransport(security: security) }

  /// The same as a Gateway speaks it that shows this certificate; in clear nobody is shown any.
  package func showing(_ certificate: ObjectName?) -> UpstreamTransport {
    guard certificate != nil, var security else { return self }
    security.clientCertificate = certificate
    return UpstreamTransport(application, security: security)
  }
}

/// What is asked of TLS with endpoints: an endpoint that does not show this gets no request.
public struct UpstreamTLS: Sendable, Hashable {
  /// Who must have signed an endpoint's certificate.
  public enum Authorities: Sendable, Hashable {
    /// One of those that the system trusts.
    case system
    /// One of these bundles of the ``CertificateStore``.
    case bundles([ObjectName])
  }

  /// A name that an endpoint's certificate may have in place of the server's name.
  ///
  /// Source: `SubjectAltName` of BackendTLSPolicy, Gateway API.
  public enum AlternativeName: Sendable, Hashable {
    /// A host name, perhaps with a wildcard for its first label.
    case hostname(String)
    /// A URI, compared as it is written.
    case uri(String)
  }

  /// The name that endpoints are asked for (SNI), and that their certificates must have unless ``alternativeNames`` tells others.
  public var serverName: String
  /// Who must have signed their certificates.
  public var authorities: Authorities
  /// Where there are any, a certificate must have one of these, and need not have the server's name.
  public var alternativeNames: [AlternativeName]
  /// The certificate of the ``CertificateStore`` that endpoints are shown which ask for one; `nil` shows none. A pool's is `nil`: which
  /// one it is depends on the Gateway (``Listener/clientCertificate``).
  public var clientCertificate: ObjectName?

  /// What is asked of TLS.
  public init(
    serverName: String, authorities: Authorities = .system, alternativeNames: [AlternativeName] = [],
    clientCertificate: ObjectName? = nil
  ) {
    self.serverName = serverName
    self.authorities = authorities
    self.alternativeNames = alternativeNames
    self.clientCertificate = clientCertificate
  }
}
