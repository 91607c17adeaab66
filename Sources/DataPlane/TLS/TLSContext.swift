import Certificates
import NIOCore
import NIOSSL
import Routing

/// What TLS is set up by for one certificate of one listener: alike for all that have the same bytes.
struct TLSContext: Sendable {
  /// What a context is made of.
  struct Ingredients: Hashable {
    var certificate: KeyedCertificate
    /// What is inside is HTTP, whose version client and gateway agree on.
    var isForHTTP: Bool
    /// PEM of the authorities that clients' certificates are held to, and what becomes of the others.
    var authorities: [UInt8]?
    var mode: ClientCertificateValidation.Mode?
  }

  let names: CertificateNames
  let context: NIOSSLContext
  /// Clients are asked for a certificate and served whatever they show.
  let acceptsAnyCertificate: Bool

  /// Makes a context. Slow, and nothing for an event loop.
  ///
  /// - Throws: what is wrong with the certificate, the key or the authorities.
  init(_ ingredients: Ingredients) throws {
    let leaf = try Certificate.chain(pem: ingredients.certificate.chain)[0]
    let isPair = try ingredients.certificate.key.withPEM { try leaf.matches(privateKey: $0) }
    guard isPair else { throw Mistake(description: "the private key is not that of the certificate") }
    names = CertificateNames(leaf)
    acceptsAnyCertificate = ingredients.mode == .allowInsecureFallback
    context = try NIOSSLContext(configuration: Self.configuration(ingredients))
  }

  private struct Mistake: Error, CustomStringConvertible {
    var description: String
  }

  private static func configuration(_ ingredients: Ingredients) throws -> TLSConfiguration {
    let chain = try NIOSSLCertificate.fromPEMBytes(ingredients.certificate.chain)
    let key = try ingredients.certificate.key.withPEM { try NIOSSLPrivateKey(bytes: $0, format: .pem) }
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
    configuration.minimumTLSVersion = .tlsv12
    if ingredients.isForHTTP { configuration.applicationProtocols = ["h2", "http/1.1"] }
    configuration.shutdownTimeout = .seconds(2)
    if let authorities = ingredients.authorities {
      configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(authorities))
      configuration.sendCANameList = true
    }
    switch ingredients.mode {
    case .allowValidOnly: configuration.certificateVerification = .noHostnameVerification
    case .allowInsecureFallback: configuration.certificateVerification = .optionalVerification
    case nil: break
    }
    return configuration
  }

  /// The TLS end of a connection.
  func makeHandler() -> NIOSSLServerHandler {
    guard acceptsAnyCertificate else { return NIOSSLServerHandler(context: context) }
    return NIOSSLServerHandler(context: context) { _, promise in promise.succeed(.certificateVerified) }
  }
}
