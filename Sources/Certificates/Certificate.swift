import COpenSSL

/// One X.509 certificate: what it says, and what belongs to it. Reads no file and no clock.
public struct Certificate: Sendable, Hashable {
  /// The certificate in DER.
  public let der: [UInt8]
  /// The subject's common name, for people; TLS clients go by the names below.
  public let commonName: String?
  /// The DNS names of the subject alternative name, such as `example.com` and `*.example.com`, as they are written.
  public let dnsNames: [String]
  /// The IP addresses of the subject alternative name, as text.
  public let ipAddresses: [String]
  /// The URIs of the subject alternative name, such as `spiffe://example/models`.
  public let uris: [String]
  /// The first second in which the certificate is valid, since 1970.
  public let notBefore: Int64
  /// The last second in which the certificate is valid, since 1970.
  public let notAfter: Int64
  /// Whether it may sign other certificates.
  public let isAuthority: Bool

  /// More certificates than any chain has: a text with more is taken for a mistake.
  static let longestChain = 64

  /// The certificates of a PEM text in their order, the subject's own first; other blocks, such as keys, are passed over.
  ///
  /// - Throws: ``CertificateError`` if there is none, or one that cannot be read.
  public static func chain(pem: [UInt8]) throws(CertificateError) -> [Certificate] {
    var found = [switchyard_der](repeating: switchyard_der(), count: longestChain)
    let count = pem.withUnsafeBytes {
      switchyard_certificates_read($0.baseAddress, Int32(clamping: $0.count), &found, Int32(longestChain))
    }
    guard count > 0 else { throw count == 0 ? .noCertificate : count == -2 ? .tooMany(longestChain) : .malformed }
    let chain = found.prefix(Int(count))
    defer { for one in chain { switchyard_text_free(one.bytes) } }
    var certificates: [Certificate] = []
    for one in chain {
      certificates.append(try Certificate(der: Array(UnsafeBufferPointer(start: one.bytes, count: Int(one.length)))))
    }
    return certificates
  }

  /// A certificate in DER.
  ///
  /// - Throws: ``CertificateError/malformed``.
  public init(der: [UInt8]) throws(CertificateError) {
    var fields = switchyard_certificate()
    guard switchyard_certificate_fields(der, Int32(clamping: der.count), &fields) == 1 else { throw .malformed }
    defer { switchyard_certificate_free(&fields) }
    let names = UnsafeBufferPointer(start: fields.names, count: Int(fields.name_count)).compactMap { name in
      name.text.map { (kind: UInt8(bitPattern: name.kind), text: String(cString: $0)) }
    }
    self.der = der
    commonName = fields.common_name.map { String(cString: $0) }
    dnsNames = names.filter { $0.kind == UInt8(ascii: "D") }.map(\.text)
    ipAddresses = names.filter { $0.kind == UInt8(ascii: "I") }.map(\.text)
    uris = names.filter { $0.kind == UInt8(ascii: "U") }.map(\.text)
    notBefore = fields.not_before
    notAfter = fields.not_after
    isAuthority = fields.is_authority == 1
  }

  /// Whether the certificate is valid at a moment, in seconds since 1970.
  public func isValid(at seconds: Int64) -> Bool { (notBefore...max(notBefore, notAfter)).contains(seconds) }

  /// Whether a private key in PEM is this certificate's.
  ///
  /// - Throws: ``CertificateError/noPrivateKey`` if the text holds none that can be read without a pass phrase.
  public func matches(privateKey pem: [UInt8]) throws(CertificateError) -> Bool {
    let answer = pem.withUnsafeBytes {
      switchyard_certificate_matches(der, Int32(clamping: der.count), $0.baseAddress, Int32(clamping: $0.count))
    }
    switch answer {
    case -2: throw .malformed
    case -1: throw .noPrivateKey
    default: return answer == 1
    }
  }

  /// Whether the authority's key signed this certificate.
  public func isSigned(by authority: Certificate) -> Bool {
    switchyard_certificate_is_signed(
      der, Int32(clamping: der.count), authority.der, Int32(clamping: authority.der.count)) == 1
  }
}
