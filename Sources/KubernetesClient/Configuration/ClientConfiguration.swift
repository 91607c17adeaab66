/// Where an API server is and how to be known there: what a kubeconfig or a pod's environment comes down to.
public struct ClientConfiguration: Sendable {
  /// The server's URL without a trailing slash, for example `https://10.0.0.1:6443`.
  public var server: String
  /// Whom to trust and our certificate.
  public var tls: TLSIdentity
  /// What to show as a credential besides the certificate.
  public var credential: Credential
  /// The namespace for requests that name none.
  public var namespace: String
  /// A proxy's URL, or `nil`.
  public var proxy: String?
  /// How we present ourselves.
  public var userAgent: String

  /// A configuration.
  public init(
    server: String, tls: TLSIdentity = TLSIdentity(), credential: Credential = .none, namespace: String = "default",
    proxy: String? = nil, userAgent: String = "switchyard"
  ) {
    var server = server
    while server.hasSuffix("/") { server.removeLast() }
    self.server = server
    self.tls = tls
    self.credential = credential
    self.namespace = namespace
    self.proxy = proxy
    self.userAgent = userAgent
  }
}
