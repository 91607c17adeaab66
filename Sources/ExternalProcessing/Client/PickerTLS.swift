package import NIOSSL
package import Routing

/// Knows what TLS needs with pickers whose certificates are asked for.
package protocol PickerTLS: Sendable {
  /// A number that changes whenever other pickers are trusted: connections that were made before are of no more use.
  var trust: Int { get }

  /// The context for pickers that must show this; it compares no names.
  ///
  /// - Throws: where none of the authorities that it names can be used.
  func context(for security: UpstreamTLS) throws -> NIOSSLContext

  /// Whether a certificate, as DER, has a name that `security` asks for.
  ///
  /// - Throws: where it cannot be read.
  func accepts(_ certificate: [UInt8], for security: UpstreamTLS) throws -> Bool
}

/// Why a picker is not the one that is asked for.
enum PickerTLSFailure: Error, CustomStringConvertible {
  /// This gateway asks no picker for its certificate.
  case notEquipped
  /// Its certificate has none of the names.
  case otherName(UpstreamTLS)

  /// What is wrong.
  var description: String {
    switch self {
    case .notEquipped: "its certificate is asked for, and this gateway was started without what that needs"
    case .otherName(let security) where security.alternativeNames.isEmpty:
      "its certificate is not for \(security.serverName): give it that name as a subjectAltName, or correct validation.hostname of its "
        + "BackendTLSPolicy"
    case .otherName(let security):
      "its certificate has none of the names that subjectAltNames of its BackendTLSPolicy asks for: "
        + security.alternativeNames.map(\.description).joined(separator: ", ")
    }
  }

  /// What an error of the handshake means; `nil` for one that says it itself.
  static func reason(_ error: any Error) -> String? {
    guard "\(error)".contains("CERTIFICATE_VERIFY_FAILED") else { return nil }
    return "its certificate has expired, or none of the authorities of its BackendTLSPolicy has signed it"
  }
}
