/// Why certificates or keys cannot be used, for the person who wrote them down.
public enum CertificateError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The text holds no certificate.
  case noCertificate
  /// A certificate of the text cannot be read.
  case malformed
  /// The text holds more certificates than this.
  case tooMany(Int)
  /// The text holds no private key that can be read without a pass phrase.
  case noPrivateKey
  /// libcrypto made no certificate, for this reason.
  case notMade(String)

  /// What is wrong, and the cure where there is one.
  public var description: String {
    switch self {
    case .noCertificate:
      "holds no certificate: give PEM text with a block that begins with -----BEGIN CERTIFICATE-----"
    case .malformed: "holds a certificate that cannot be read: copy it anew, from its BEGIN to its END line"
    case .tooMany(let limit): "holds more than \(limit) certificates: give the chain of one certificate"
    case .noPrivateKey:
      "holds no private key that can be read: give PEM text with an unencrypted key (-----BEGIN PRIVATE KEY-----)"
    case .notMade(let reason): "libcrypto made no certificate: \(reason)"
    }
  }
}
