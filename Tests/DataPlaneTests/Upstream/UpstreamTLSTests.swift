import Certificates
import NIOCore
import NIOPosix
import NIOSSL
import Routing
import TestSupport
import Testing

@testable import DataPlane

/// Endpoints that speak TLS: who is taken for the one that a pool asks for.
@Suite(.timeLimit(.minutes(1)), .enabled(if: isInstalled("openssl"))) struct UpstreamTLSTests {
  private static let bundle = TLSTests.name("ca")

  private static func tls(_ name: String, _ alternatives: [UpstreamTLS.AlternativeName] = []) -> UpstreamTLS {
    UpstreamTLS(serverName: name, authorities: .bundles([bundle]), alternativeNames: alternatives)
  }

  private static func store(_ authority: String = "ca") throws -> CertificateStore {
    CertificateStore(authorities: [bundle: try TestCertificates.shared.get().bytes("\(authority).pem")])
  }

  private static let request = "POST /v1/x HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}"

  private static func ask(_ gateway: TestGateway) async throws -> String {
    let client = try await TestClient.connect(gateway.address)
    try await client.send(request)
    return try await client.receive { $0.hasSuffix("}") }
  }

  /// What a client is answered where the endpoint shows `certificate` and the pool asks for `security`.
  private static func answer(
    _ certificate: String, _ security: UpstreamTLS, _ application: UpstreamTransport.Application = .http1,
    offers protocols: [String] = [], authority: String = "ca"
  ) async throws -> (answer: String, asked: Int) {
    let server = try TestCertificates.shared.get().server(showing: certificate, speaks: protocols)
    let upstream = try await TestUpstream.start(application, tls: server) { $0.json("{}") }
    var answer = ""
    try await TestGateway.run(
      endpoints: [upstream.endpoint], over: UpstreamTransport(application, security: security),
      certificates: try store(authority)
    ) { answer = try await ask($0) }
    try await upstream.stop()
    return (answer, upstream.requests.count)
  }

  @Test func anEndpointThatShowsWhatIsAskedForIsServed() async throws {
    let (answer, asked) = try await Self.answer("shop", Self.tls("shop.example"))
    #expect(answer.hasPrefix("HTTP/1.1 200") && asked == 1)
  }

  @Test func insideTLSHTTP2IsAgreedOn() async throws {
    let served = try await Self.answer("shop", Self.tls("shop.example"), .http2, offers: ["h2"])
    #expect(served.answer.hasPrefix("HTTP/1.1 200") && served.asked == 1)
    let refused = try await Self.answer("shop", Self.tls("shop.example"), .http2)
    #expect(refused.answer.hasPrefix("HTTP/1.1 503") && refused.answer.contains("ALPN"))
  }

  @Test(arguments: ["shop", "addressed"]) func anotherNameIsRefused(certificate: String) async throws {
    // Also where the certificate is for the address that is connected to: nobody has asked for that.
    let (answer, asked) = try await Self.answer(certificate, Self.tls("api.example"))
    #expect(answer.hasPrefix("HTTP/1.1 503") && asked == 0)
    #expect(answer.contains("its certificate is not for api.example"))
  }

  @Test func anotherAuthorityIsRefused() async throws {
    let (answer, asked) = try await Self.answer("shop", Self.tls("shop.example"), authority: "stranger")
    #expect(answer.hasPrefix("HTTP/1.1 503") && asked == 0)
    #expect(answer.contains("none of the authorities"))
  }

  @Test(
    "alternative names stand in place of the server's",
    arguments: [
      (UpstreamTLS.AlternativeName.uri("spiffe://example/model"), true), (.uri("spiffe://example/other"), false),
      (.hostname("model.example"), true), (.hostname("other.example"), false),
    ])
  func alternativeNames(_ name: UpstreamTLS.AlternativeName, isServed: Bool) async throws {
    let (answer, asked) = try await Self.answer("workload", Self.tls("elsewhere.example", [name]))
    #expect(answer.hasPrefix(isServed ? "HTTP/1.1 200" : "HTTP/1.1 503") && asked == (isServed ? 1 : 0))
    #expect(isServed || answer.contains("subjectAltNames"))
  }

  /// A server of HTTP/1.1 that is asked something else.
  private final class Refuser: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      let answer = ByteBuffer(string: "HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n")
      context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
    }
  }

  @Test func aServerInClearIsToldApart() async throws {
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Refuser()) }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let endpoint = EndpointID(address: "127.0.0.1", port: try #require(server.localAddress?.port))
    try await TestGateway.run(
      endpoints: [endpoint], over: UpstreamTransport(security: Self.tls("shop.example")),
      certificates: try Self.store()
    ) { gateway in
      let answer = try await Self.ask(gateway)
      #expect(answer.hasPrefix("HTTP/1.1 503") && answer.contains("it does not speak TLS"))
    }
    try await server.close()
  }

  @Test func authoritiesThatAreNotThereTrustNobody() async throws {
    let (answer, asked) = try await Self.answer(
      "shop", UpstreamTLS(serverName: "shop.example", authorities: .bundles([TLSTests.name("missing")])))
    #expect(answer.hasPrefix("HTTP/1.1 503") && answer.contains("default/missing holds none") && asked == 0)
  }

  @Test(arguments: [UpstreamTransport.Application.http1, .http2])
  func authoritiesAreExchangedWhileTheGatewayRuns(_ application: UpstreamTransport.Application) async throws {
    let server = try TestCertificates.shared.get().server(showing: "shop", speaks: application == .http2 ? ["h2"] : [])
    let upstream = try await TestUpstream.start(application, tls: server) { $0.json("{}") }
    var configuration = ProxyConfiguration()
    configuration.eventLoops = 1
    try await TestGateway.run(
      endpoints: [upstream.endpoint], over: UpstreamTransport(application, security: Self.tls("shop.example")),
      certificates: try Self.store(), configuration: configuration
    ) { gateway in
      for _ in 0..<2 { #expect(try await Self.ask(gateway).hasPrefix("HTTP/1.1 200")) }
      #expect(upstream.connections == 1)
      // A connection that was made with an authority which is no longer trusted takes no further request.
      gateway.certificates.publish(try Self.store("stranger"))
      #expect(try await Self.ask(gateway).hasPrefix("HTTP/1.1 503"))
      gateway.certificates.publish(try Self.store())
      #expect(try await Self.ask(gateway).hasPrefix("HTTP/1.1 200"))
      #expect(upstream.requests.count == 3)
    }
    try await upstream.stop()
  }

  /// A server that takes only clients with a certificate of the authority `ca`.
  private static func asking(_ version: TLSVersion) throws -> TLSConfiguration {
    let certificates = try TestCertificates.shared.get()
    var server = try certificates.server(showing: "shop")
    server.maximumTLSVersion = version
    server.certificateVerification = .noHostnameVerification
    server.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(certificates.bytes("ca.pem")))
    return server
  }

  private static let own = TLSTests.name("own")

  private static func store(showing name: String?) throws -> CertificateStore {
    var store = try store()
    store.certificates[own] = try name.map { try TestCertificates.shared.get().keyed($0) }
    return store
  }

  /// The table of a Gateway that shows a certificate, or none.
  private static func table(_ address: String, _ endpoint: EndpointID, shows isShown: Bool) -> RoutingTable {
    var table = TestGateway.makeTable(address: address, endpoints: [endpoint], models: [:])
    for id in table.pools.keys { table.pools[id]?.transport = UpstreamTransport(security: tls("shop.example")) }
    if isShown { table.listeners[0].clientCertificate = own }
    return table
  }

  @Test(
    "endpoints that ask for a certificate are shown the Gateway's",
    arguments: [("client", true), ("foreign", false), (nil, false)] as [(String?, Bool)], [TLSVersion.tlsv12, .tlsv13])
  func clientCertificate(_ shown: (name: String?, isTaken: Bool), _ version: TLSVersion) async throws {
    let upstream = try await TestUpstream.start(tls: try Self.asking(version)) { $0.json("{}") }
    try await TestGateway.run(certificates: try Self.store(showing: shown.name)) { gateway in
      let answer = try await Self.ask(gateway)
      #expect(answer.hasPrefix(shown.isTaken ? "HTTP/1.1 200" : "HTTP/1.1 50"))
      #expect(upstream.requests.count == (shown.isTaken ? 1 : 0))
      // Over TLS 1.3 the endpoint's word may be lost with the connection that it closes.
      if version == .tlsv12, !shown.isTaken { #expect(answer.contains("spec.tls.backend.clientCertificateRef")) }
    } makeTable: {
      Self.table($0, upstream.endpoint, shows: shown.name != nil)
    }
    try await upstream.stop()
  }

  @Test func theGatewaysCertificateIsExchangedWhileItRuns() async throws {
    let upstream = try await TestUpstream.start(tls: try Self.asking(.tlsv12)) { $0.json("{}") }
    var configuration = ProxyConfiguration()
    configuration.eventLoops = 1
    try await TestGateway.run(certificates: try Self.store(showing: "client"), configuration: configuration) {
      gateway in
      #expect(try await Self.ask(gateway).hasPrefix("HTTP/1.1 200"))
      // A connection that was made with the certificate of before takes no further request.
      gateway.certificates.publish(try Self.store(showing: "foreign"))
      #expect(try await Self.ask(gateway).hasPrefix("HTTP/1.1 503"))
      gateway.certificates.publish(try Self.store(showing: nil))
      let answer = try await Self.ask(gateway)
      #expect(answer.hasPrefix("HTTP/1.1 503") && answer.contains("default/own"))
      gateway.certificates.publish(try Self.store(showing: "client"))
      #expect(try await Self.ask(gateway).hasPrefix("HTTP/1.1 200"))
      #expect(upstream.requests.count == 2)
    } makeTable: {
      Self.table($0, upstream.endpoint, shows: true)
    }
    try await upstream.stop()
  }

  @Test(
    "a certificate's names are compared as TLS clients do",
    arguments: [
      (UpstreamTLS.AlternativeName.hostname("MODEL.example"), "workload", true),
      (.hostname("a.wild.example"), "wild", true), (.hostname("*.wild.example"), "wild", true),
      (.hostname("wild.example"), "wild", false), (.hostname("a.b.wild.example"), "wild", false),
      (.uri("model.example"), "workload", false), (.uri("SPIFFE://example/model"), "workload", false),
    ])
  func names(_ name: UpstreamTLS.AlternativeName, _ file: String, isAccepted: Bool) throws {
    let certificate = try Certificate.chain(pem: TestCertificates.shared.get().bytes("\(file).pem"))[0]
    #expect(Self.tls("x.example", [name]).accepts(certificate) == isAccepted)
  }
}
