import Certificates
import Foundation

/// The authority and the server certificate of one local cluster, kept in its data directory.
enum ClusterCertificates {
  /// The certificates of a data directory, made at the first start, and anew where those that are there do not belong
  /// together: no client could connect with them.
  ///
  /// - Throws: `CertificateError`, or the error of a file that cannot be written.
  static func load(folder: String) throws -> IssuedCertificates {
    let paths = ["ca.crt", "ca.key", "tls.crt", "tls.key"].map { folder + "/" + $0 }
    var texts: [String] = []
    for path in paths { texts += try DiskFile.read(path).map { [String(decoding: $0, as: UTF8.self)] } ?? [] }
    if texts.count == 4 {
      let kept = IssuedCertificates(authority: texts[0], authorityKey: texts[1], server: texts[2], serverKey: texts[3])
      if kept.belongTogether { return kept }
    }
    let made = try IssuedCertificates.make(authority: "switchyard local cluster", days: 3650)
    for (path, text) in zip(paths, [made.authority, made.authorityKey, made.server, made.serverKey]) {
      try PrivateFile.write(text, to: path)
    }
    return made
  }
}
