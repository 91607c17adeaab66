/// What a listener speaks with those who connect to its port.
///
/// Source: `Listener.protocol`, Gateway API v1.
public enum ListenerServing: Sendable, Hashable {
  /// HTTP in clear: HTTP/1, and HTTP/2 of clients that know beforehand that it is served.
  case http
  /// HTTP inside TLS that ends here: HTTP/1 and HTTP/2, as client and gateway agree on.
  case https(TLSTermination)
  /// TLS with anything inside. The host names of its rules are those that clients ask for (SNI); nothing else can be matched.
  case tls(TLSMode)

  /// How TLS ends here, where it does.
  public var termination: TLSTermination? {
    switch self {
    case .http, .tls(.passthrough): nil
    case .https(let termination), .tls(.terminate(let termination)): termination
    }
  }
}

/// Where the TLS of a listener that does not look inside ends.
///
/// Source: `ListenerTLSConfig.mode`, Gateway API v1.
public enum TLSMode: Sendable, Hashable {
  /// Here: its rules' backends get the bytes inside.
  case terminate(TLSTermination)
  /// At the backends, which get every byte as it came.
  case passthrough
}

/// What a listener shows of itself, and asks of its clients, where TLS ends at it. It names what is in a
/// ``CertificateStore``; nothing secret is in a table.
public struct TLSTermination: Sendable, Hashable {
  /// The listener's certificates (`certificateRefs`), in order. A client is shown the first that has the name that it
  /// asks for, else the first.
  public var certificates: [ObjectName]
  /// What is asked of the certificates of clients; `nil` asks for none.
  public var clientValidation: ClientCertificateValidation?

  /// A termination.
  public init(certificates: [ObjectName], clientValidation: ClientCertificateValidation? = nil) {
    self.certificates = certificates
    self.clientValidation = clientValidation
  }
}

/// How certificates of clients are looked at.
///
/// Source: `FrontendTLSValidation`, Gateway API v1.
public struct ClientCertificateValidation: Sendable, Hashable {
  /// What becomes of a client whose certificate does not pass.
  public enum Mode: String, Sendable, Hashable {
    /// Its handshake is refused, and so is that of a client without a certificate.
    case allowValidOnly = "AllowValidOnly"
    /// It is served like any other.
    case allowInsecureFallback = "AllowInsecureFallback"
  }

  /// The bundles (`caCertificateRefs`) of authorities that sign certificates of clients.
  public var authorities: [ObjectName]
  /// What becomes of the others.
  public var mode: Mode

  /// A validation.
  public init(authorities: [ObjectName], mode: Mode = .allowValidOnly) {
    self.authorities = authorities
    self.mode = mode
  }
}
