/// The certificates that listeners show and the authorities that peers are held to, by the names that the routing table
/// has for them. Published beside the table, so that a certificate is exchanged without a new table.
public struct CertificateStore: Sendable, Equatable {
  /// Certificates with their keys, by namespace and name of the Secret.
  public var certificates: [ObjectName: KeyedCertificate]
  /// Bundles of authorities' certificates as PEM, by namespace and name of the ConfigMap or Secret.
  public var authorities: [ObjectName: [UInt8]]

  /// A store; by default an empty one.
  public init(certificates: [ObjectName: KeyedCertificate] = [:], authorities: [ObjectName: [UInt8]] = [:]) {
    self.certificates = certificates
    self.authorities = authorities
  }
}

/// A certificate, those that sign it, and its key.
public struct KeyedCertificate: Sendable, Hashable {
  /// PEM: the certificate first, then the chain to its authority.
  public var chain: [UInt8]
  /// The key of the first certificate.
  public var key: PrivateKey

  /// A certificate.
  public init(chain: [UInt8], key: PrivateKey) {
    self.chain = chain
    self.key = key
  }
}
