import COpenSSL
import Foundation

/// The authority and the server certificate of one local cluster, in PEM.
struct ClusterCertificates: Sendable, Equatable {
  var authority: String
  var authorityKey: String
  var server: String
  var serverKey: String

  /// Why no certificate could be made.
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  /// The certificates of a data directory, made at the first start, and anew where those that are there do not belong
  /// together: no client could connect with them.
  ///
  /// - Throws: `Failure`, or the error of a file that cannot be written.
  static func load(folder: String) throws -> ClusterCertificates {
    let paths = ["ca.crt", "ca.key", "tls.crt", "tls.key"].map { folder + "/" + $0 }
    var texts: [String] = []
    for path in paths { texts += try DiskFile.read(path).map { [String(decoding: $0, as: UTF8.self)] } ?? [] }
    if texts.count == 4 {
      let kept = ClusterCertificates(authority: texts[0], authorityKey: texts[1], server: texts[2], serverKey: texts[3])
      if kept.belongTogether { return kept }
    }
    let made = try make()
    for (path, text) in zip(paths, [made.authority, made.authorityKey, made.server, made.serverKey]) {
      try PrivateFile.write(text, to: path)
    }
    return made
  }

  /// Whether each key is its certificate's, and the authority signed the server.
  var belongTogether: Bool { switchyard_certificates_match(authority, authorityKey, server, serverKey) == 1 }

  /// New keys and certificates, valid for ten years.
  static func make() throws -> ClusterCertificates {
    var raw = switchyard_certificates()
    var reason = [CChar](repeating: 0, count: 256)
    guard switchyard_certificates_make("switchyard local cluster", 3650, &raw, &reason, reason.count) == 1 else {
      let text = String(decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      throw Failure(description: "libssl made no certificate: \(text)")
    }
    defer { switchyard_certificates_free(&raw) }
    guard let authority = raw.authority_certificate, let authorityKey = raw.authority_key,
      let server = raw.server_certificate, let serverKey = raw.server_key
    else { throw Failure(description: "libssl made no certificate") }
    return ClusterCertificates(
      authority: String(cString: authority), authorityKey: String(cString: authorityKey),
      server: String(cString: server), serverKey: String(cString: serverKey))
  }
}
