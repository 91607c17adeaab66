import NIOCore
import NIOSSL
import Routing

/// What TLS with endpoints is set up by: alike for all pools that ask for the same.
struct UpstreamTLSContext: Sendable {
  /// What a context is made of.
  struct Ingredients: Hashable {
    var application: UpstreamTransport.Application
    /// PEM of the authorities; `nil` takes those that the system trusts.
    var authorities: [UInt8]?
    /// What endpoints are shown that ask for a certificate.
    var clientCertificate: KeyedCertificate?
  }

  let ingredients: Ingredients
  let context: NIOSSLContext

  /// Makes a context. Slow, and nothing for an event loop.
  ///
  /// - Throws: what is wrong with the authorities, or with the certificate.
  init(_ ingredients: Ingredients) throws {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv12
    configuration.applicationProtocols = [ingredients.application == .http2 ? "h2" : "http/1.1"]
    configuration.shutdownTimeout = .seconds(2)
    if let authorities = ingredients.authorities {
      configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(authorities))
    }
    if let own = ingredients.clientCertificate {
      configuration.certificateChain = try NIOSSLCertificate.fromPEMBytes(own.chain).map { .certificate($0) }
      configuration.privateKey = .privateKey(try own.key.withPEM { try NIOSSLPrivateKey(bytes: $0, format: .pem) })
    }
    // Whoever connects compares names: the library also takes a certificate of another name for the address that it is connected to.
    configuration.certificateVerification = .noHostnameVerification
    self.ingredients = ingredients
    context = try NIOSSLContext(configuration: configuration)
  }
}
