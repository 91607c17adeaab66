import Certificates
import NIOCore
import NIOSSL
import NIOTLS
import Routing

/// A connection to an endpoint until its TLS handshake is done: then it makes way for what is spoken inside, or says why the
/// endpoint is not the one that the pool asks for. Nothing of a request has been sent by then.
final class UpstreamHandshake: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private let transport: UpstreamTransport
  private let security: UpstreamTLS
  private let readiness: UpstreamReadiness
  private let proceed: (any Channel) throws -> Void

  /// - Parameter proceed: sets up what is spoken inside TLS.
  init(
    _ transport: UpstreamTransport, _ security: UpstreamTLS, readiness: UpstreamReadiness,
    proceed: @escaping (any Channel) throws -> Void
  ) {
    self.transport = transport
    self.security = security
    self.readiness = readiness
    self.proceed = proceed
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard case .handshakeCompleted(let agreed)? = event as? TLSUserEvent else {
      return context.fireUserInboundEventTriggered(event)
    }
    if transport.application == .http2, agreed != "h2" {
      return fail("inside TLS it does not agree on HTTP/2 (ALPN h2)", context)
    }
    do {
      if let problem = try nameProblem(context) { return fail(problem, context) }
      try proceed(context.channel)
      context.pipeline.syncOperations.removeHandler(self, promise: nil)
    } catch {
      fail("\(error)", context)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    fail(UpstreamTLSFailure.reason(error), context)
  }

  func channelInactive(context: ChannelHandlerContext) {
    fail("it closed the connection during the TLS handshake", context)
    context.fireChannelInactive()
  }

  private func fail(_ reason: String, _ context: ChannelHandlerContext) {
    readiness.fail(GatewayError(.tlsFailed, reason))
    context.close(promise: nil)
  }

  private func nameProblem(_ context: ChannelHandlerContext) throws -> String? {
    let handler = try context.pipeline.syncOperations.handler(type: NIOSSLClientHandler.self)
    guard let shown = try handler.peerCertificate?.toDERBytes() else { return "it has shown no certificate" }
    if security.accepts(try Certificate(der: shown)) { return nil }
    if security.alternativeNames.isEmpty {
      return
        "its certificate is not for \(security.serverName): give it that name as a subjectAltName (a common name does not count), or ask for one that it has"
    }
    let names = security.alternativeNames.map(\.description).joined(separator: ", ")
    return "its certificate has none of the names that subjectAltNames asks for: \(names)"
  }
}

extension UpstreamTLS {
  /// Whether a certificate has one of the alternative names; the server's name where there is none.
  func accepts(_ certificate: Certificate) -> Bool {
    let names = CertificateNames(certificate)
    if alternativeNames.isEmpty { return names.fit(serverName) != .none }
    return alternativeNames.contains { name in
      switch name {
      case .hostname(let host) where host.hasPrefix("*."):
        certificate.dnsNames.contains { ASCIIText.isSame($0, host) }
      case .hostname(let host): names.fit(host) != .none
      case .uri(let uri): certificate.uris.contains(uri)
      }
    }
  }
}

/// Says why TLS with an endpoint failed, and what to do about it.
enum UpstreamTLSFailure {
  static func reason(_ error: any Error) -> String {
    let text = "\(error)"
    if let refusal = refusal(error) { return refusal }
    if text.contains("CERTIFICATE_VERIFY_FAILED") {
      return "its certificate has expired, or none of the authorities that the gateway trusts for it has signed it: "
        + "name its authority in a BackendTLSPolicy"
    }
    if text.contains("WRONG_VERSION_NUMBER") || text.contains("HTTP_REQUEST") {
      return "it does not speak TLS: take appProtocol https away, or name the port that does"
    }
    if text.contains("ALERT_HANDSHAKE_FAILURE") {
      return "it refuses the TLS handshake: it asks for a certificate of the gateway, and there is none (name one in "
        + "spec.tls.backend.clientCertificateRef of the Gateway), or both have no cipher in common"
    }
    return "the TLS handshake failed: \(text)"
  }

  /// Why an endpoint does not take the gateway for one of its clients; `nil` for any other error. Over TLS 1.3 it says so when the
  /// handshake is over for us, and not for it: it has looked at nothing that was sent behind.
  static func refusal(_ error: any Error) -> String? {
    let text = "\(error)"
    guard alerts.contains(where: { text.contains($0) }) else { return nil }
    return
      "it asks for a certificate of the gateway, and does not take the one that it was shown, or that there is none: name one that it "
      + "takes in spec.tls.backend.clientCertificateRef of the Gateway"
  }

  /// As BoringSSL names them. Source: RFC 8446, section 6.2.
  private static let alerts = [
    "CERTIFICATE_REQUIRED", "ALERT_BAD_CERTIFICATE", "ALERT_UNSUPPORTED_CERTIFICATE", "ALERT_CERTIFICATE_REVOKED",
    "ALERT_CERTIFICATE_EXPIRED", "ALERT_CERTIFICATE_UNKNOWN", "ALERT_UNKNOWN_CA", "ALERT_ACCESS_DENIED",
  ]
}
