import Certificates
import DataPlane
import Operator
import Routing
import TestSupport
import Testing

@testable import ExternalProcessing

/// Pickers whose certificates a BackendTLSPolicy asks for: who is taken for the one that is meant.
@Suite(.timeLimit(.minutes(1))) struct VerifiedPickerTests {
  private static let bundle = ObjectName(namespace: "default", name: "ca")
  private static let named = [EndpointID(address: "10.0.0.1", port: 8000)]

  private static func security(
    _ name: String, _ alternatives: [UpstreamTLS.AlternativeName] = []
  ) -> UpstreamTLS {
    UpstreamTLS(serverName: name, authorities: .bundles([bundle]), alternativeNames: alternatives)
  }

  private static func store(_ issued: IssuedCertificates) -> CertificateStore {
    CertificateStore(authorities: [bundle: Array(issued.authority.utf8)])
  }

  /// What the gateway's own table and certificates make of the question.
  private static func contexts(
    _ security: UpstreamTLS, _ certificates: Published<CertificateStore>
  ) -> UpstreamTLSContexts {
    let id = PoolID(.inferencePool, ObjectName(namespace: "default", name: "pool"))
    let picker = ExternalPicker(
      service: ObjectName(namespace: "default", name: "epp"), port: 9002, transport: .tls(security))
    let table = RoutingTable(pools: [id: Pool(id: id, picker: .external(picker))])
    return UpstreamTLSContexts(table: Published(table), certificates: certificates)
  }

  /// What a picker says that shows a certificate for `localhost`, and how many requests it saw.
  private static func answer(
    _ security: UpstreamTLS, trusting other: IssuedCertificates? = nil
  ) async throws -> (event: PickEvent, asked: Int) {
    let issued = try IssuedCertificates.make(authority: "ours", days: 1)
    let server = try await ScriptedServer.start(showing: issued, Replies.streaming)
    let contexts = contexts(security, Published(store(other ?? issued)))
    let event = try await Asker([server.port], transport: .tls(security), tls: contexts).ask().next()
    try await server.stop()
    return (event, server.streams)
  }

  private static func isPicked(_ event: PickEvent) -> Bool {
    guard case .picked(let picked) = event else { return false }
    return picked.endpoints == named
  }

  @Test func aPickerThatShowsWhatIsAskedForIsAsked() async throws {
    #expect(Self.isPicked(try await Self.answer(Self.security("localhost")).event))
    let other = Self.security("elsewhere.example", [.hostname("localhost")])
    #expect(Self.isPicked(try await Self.answer(other).event), "an alternative name stands in place of the server's")
  }

  @Test func oneOfAnotherNameIsShownNothing() async throws {
    let (event, asked) = try await Self.answer(Self.security("epp.example"))
    guard case .failed(let reason) = event else { throw Failure("\(event)") }
    #expect(reason.contains("its certificate is not for epp.example") && asked == 0)
  }

  @Test func oneOfNoAlternativeNameIsShownNothing() async throws {
    let (event, asked) = try await Self.answer(Self.security("localhost", [.uri("spiffe://example/epp")]))
    guard case .failed(let reason) = event else { throw Failure("\(event)") }
    #expect(reason.contains("subjectAltNames") && reason.contains("spiffe://example/epp") && asked == 0)
  }

  @Test func oneOfAnotherAuthorityIsShownNothing() async throws {
    let stranger = try IssuedCertificates.make(authority: "stranger", days: 1)
    let (event, asked) = try await Self.answer(Self.security("localhost"), trusting: stranger)
    guard case .failed(let reason) = event else { throw Failure("\(event)") }
    #expect(reason.contains("none of the authorities of its BackendTLSPolicy has signed it") && asked == 0)
  }

  @Test func oneThatIsClosedIsNotAskedAtAll() async throws {
    let server = try await ScriptedServer.start(Replies.streaming)
    let event = try await Asker([server.port], transport: .closed("BackendTLSPolicy default/p: why")).ask().next()
    #expect(event == .failed("it is not asked: BackendTLSPolicy default/p: why") && server.connections == 0)
    try await server.stop()
  }

  @Test func authoritiesAreExchangedWhileTheGatewayRuns() async throws {
    let issued = try IssuedCertificates.make(authority: "ours", days: 1)
    let server = try await ScriptedServer.start(showing: issued, Replies.streaming)
    let (security, certificates) = (Self.security("localhost"), Published(Self.store(issued)))
    let asker = try await Asker(
      [server.port], transport: .tls(security), tls: Self.contexts(security, certificates))
    for _ in 0..<2 { #expect(Self.isPicked(try await asker.ask().next())) }
    #expect(server.connections == 1)
    // A connection that was made with an authority which is no longer trusted takes no further request.
    certificates.publish(Self.store(try IssuedCertificates.make(authority: "stranger", days: 1)))
    guard case .failed = try await asker.ask().next() else { throw Failure("a picker that is no longer trusted picks") }
    certificates.publish(Self.store(issued))
    #expect(Self.isPicked(try await asker.ask().next()) && server.streams == 3)
    try await server.stop()
  }
}
