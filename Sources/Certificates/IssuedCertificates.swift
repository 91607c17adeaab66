import COpenSSL

/// An authority and a server's certificate that it signed, new, in PEM.
public struct IssuedCertificates: Sendable, Hashable {
  /// The authority's certificate.
  public var authority: String
  /// The authority's private key.
  public var authorityKey: String
  /// The server's certificate, for `localhost`, `127.0.0.1` and `::1`.
  public var server: String
  /// The server's private key.
  public var serverKey: String

  /// Certificates that were made before.
  public init(authority: String, authorityKey: String, server: String, serverKey: String) {
    self.authority = authority
    self.authorityKey = authorityKey
    self.server = server
    self.serverKey = serverKey
  }

  /// Makes new P-256 keys, and certificates that are valid from an hour ago for `days`.
  ///
  /// - Throws: ``CertificateError/notMade(_:)``.
  public static func make(authority name: String, days: Int) throws(CertificateError) -> IssuedCertificates {
    var raw = switchyard_certificates()
    var reason = [CChar](repeating: 0, count: 256)
    guard switchyard_certificates_make(name, days, &raw, &reason, reason.count) == 1 else {
      throw .notMade(String(decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
    defer { switchyard_certificates_free(&raw) }
    guard let authority = raw.authority_certificate, let authorityKey = raw.authority_key,
      let server = raw.server_certificate, let serverKey = raw.server_key
    else { throw .notMade("out of memory") }
    return IssuedCertificates(
      authority: String(cString: authority), authorityKey: String(cString: authorityKey),
      server: String(cString: server), serverKey: String(cString: serverKey))
  }

  /// Whether each key is its certificate's, and the authority signed the server; texts that are no PEM belong to nothing.
  public var belongTogether: Bool {
    do {
      guard let authority = try Certificate.chain(pem: Array(authority.utf8)).first,
        let server = try Certificate.chain(pem: Array(server.utf8)).first
      else { return false }
      return try authority.matches(privateKey: Array(authorityKey.utf8))
        && server.matches(privateKey: Array(serverKey.utf8)) && server.isSigned(by: authority)
    } catch {
      return false
    }
  }
}
