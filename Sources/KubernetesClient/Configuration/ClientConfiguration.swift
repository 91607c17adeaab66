/// Where an API server is and how to be known there: what a kubeconfig or a pod's environment comes down to.
public struct ClientConfiguration: Sendable {
  /// The server's URL without a trailing slash, for example `https://10.0.0.1:6443`.
  public var server: String
  /// Whom to trust and our certificate.
  public var tls: TLSIdentity
  /// The files that authorities, our certificate and its key come from, where they come from files. They are read anew
  /// for every request, so that a rotation needs no timer; `tls` has what they held at first.
  public var certificateFiles: ClientCertificateFiles?
  /// What to show as a credential besides the certificate.
  public var credential: Credential
  /// In whose name requests are made; `nil` for our own.
  public var impersonation: Impersonation?
  /// The namespace for requests that name none.
  public var namespace: String
  /// A proxy's URL, or `nil`.
  public var proxy: String?
  /// How we present ourselves.
  public var userAgent: String

  /// A configuration.
  public init(
    server: String, tls: TLSIdentity = TLSIdentity(), credential: Credential = .none, namespace: String = "default",
    proxy: String? = nil, userAgent: String = "switchyard", certificateFiles: ClientCertificateFiles? = nil,
    impersonation: Impersonation? = nil
  ) {
    var server = server
    while server.hasSuffix("/") { server.removeLast() }
    self.server = server
    self.tls = tls
    self.credential = credential
    self.namespace = namespace
    self.proxy = proxy
    self.userAgent = userAgent
    self.certificateFiles = certificateFiles
    self.impersonation = impersonation
  }

  /// What an operator must know about this configuration, one line each: what it gives up, and the cure.
  public var dangers: [String] {
    guard tls.skipsVerification else { return [] }
    return [
      "INSECURE: insecure-skip-tls-verify is set, so the API server at \(server) is not verified: whoever sits in between "
        + "can read Secrets and our credential, and change what is served; remove it from the kubeconfig and put the "
        + "server's CA into certificate-authority-data"
    ]
  }

  /// `tls` with what the files hold now. Throws `ConfigurationError` when one cannot be read.
  func currentTLS() throws -> TLSIdentity {
    var tls = tls
    if let path = certificateFiles?.authority {
      tls.certificateAuthority = try PEMText.checked(
        try ConfigurationFile.read(path, for: "certificate-authority"), "certificate-authority")
    }
    if let path = certificateFiles?.certificate {
      tls.certificate = try ConfigurationFile.read(path, for: "client-certificate")
    }
    if let path = certificateFiles?.key { tls.key = try ConfigurationFile.read(path, for: "client-key") }
    return tls
  }
}

/// Where authorities and a client's certificate and key are; `nil` for what does not come from a file.
public struct ClientCertificateFiles: Hashable, Sendable {
  /// The path of the PEM certificate.
  public var certificate: String?
  /// The path of its PEM key.
  public var key: String?
  /// The path of the PEM certificates to trust.
  public var authority: String?

  /// The paths.
  public init(certificate: String? = nil, key: String? = nil, authority: String? = nil) {
    self.authority = authority
    self.certificate = certificate
    self.key = key
  }
}
