import NIOHTTP1
import NIOSSL
import Routing
import TestSupport
import Testing

@testable import DataPlane

/// Listeners of TLS: which certificate a client is shown, what becomes of those that cannot be served.
@Suite(.timeLimit(.minutes(1)), .enabled(if: isInstalled("openssl"))) struct TLSTests {
  static func name(_ name: String) -> ObjectName { ObjectName(namespace: "default", name: name) }

  /// Listeners of one port, each with its host and how it serves; all lead to the same endpoint.
  static func table(
    _ address: String, _ endpoint: EndpointID, _ listeners: [(hostname: String?, serving: ListenerServing)]
  ) -> RoutingTable {
    var table = TestGateway.makeTable(address: address, endpoints: [endpoint], models: [:])
    let plain = table.listeners[0]
    table.listeners = listeners.map { hostname, serving in
      var listener = plain
      listener.name = hostname ?? "all"
      listener.hostname = hostname.map { HostnamePattern($0) }
      listener.serving = serving
      return listener
    }
    return table
  }

  static func https(_ certificate: String, _ validation: ClientCertificateValidation? = nil) -> ListenerServing {
    .https(TLSTermination(certificates: [name(certificate)], clientValidation: validation))
  }

  static func store(_ names: [String: String]) throws -> CertificateStore {
    let files = try TestCertificates.shared.get()
    var store = CertificateStore(authorities: [name("ca"): try files.bytes("ca.pem")])
    for (secret, file) in names { store.certificates[name(secret)] = try files.keyed(file) }
    return store
  }

  static func get(_ host: String) -> String { "GET /v1/files HTTP/1.1\r\nhost: \(host)\r\n\r\n" }

  /// Connects, asks, and returns the first line of the answer; that of a connection which ends is empty.
  static func ask(
    _ gateway: TestGateway, name: String?, host: String? = nil, _ tls: TLSConfiguration? = nil
  ) async throws -> (line: Substring, failure: String?) {
    let tls = try tls ?? TestCertificates.shared.get().client()
    let client = try await TestClient.connect(gateway.address, tls: tls, name: name)
    // A connection that ended before is told by what is received.
    do { try await client.send(get(host ?? name ?? "x")) } catch {}
    let answer = try await client.receive { $0.contains("\r\n\r\n") }
    do { try await client.close() } catch {}
    return (answer.split(separator: "\r\n").first ?? "", client.failure)
  }

  @Test("the certificate goes by the name that the client asks for") func certificatesByName() async throws {
    let upstream = try await TestUpstream.start { $0.json("{}") }
    let store = try Self.store(["shop": "shop", "api": "api", "wild": "wild"])
    try await TestGateway.run(certificates: store) { gateway in
      // Each certificate has its own name only, and the client holds it to that.
      for name in ["shop.example", "api.example", "a.wild.example"] {
        let answer = try await Self.ask(gateway, name: name)
        #expect(answer.line == "HTTP/1.1 200 OK", "\(name)")
      }
      let told = upstream.requests.map { $0.head.headers["x-forwarded-proto"] }
      #expect(told == Array(repeating: ["https"], count: 3))
    } makeTable: {
      Self.table(
        $0, upstream.endpoint,
        [
          ("shop.example", Self.https("shop")), ("api.example", Self.https("api")),
          ("*.wild.example", Self.https("wild")),
        ])
    }
    try await upstream.stop()
  }

  @Test("of a listener's certificates the one that fits the name is shown, else the first")
  func certificatesOfOneListener() async throws {
    let upstream = try await TestUpstream.start { $0.json("{}") }
    try await TestGateway.run(certificates: Self.store(["shop": "shop", "api": "api"])) { gateway in
      for name in ["shop.example", "api.example"] {
        #expect(try await Self.ask(gateway, name: name).line == "HTTP/1.1 200 OK", "\(name)")
      }
      var tls = try TestCertificates.shared.get().client()
      tls.certificateVerification = .noHostnameVerification
      #expect(try await Self.ask(gateway, name: nil, tls).line == "HTTP/1.1 200 OK")
    } makeTable: {
      Self.table(
        $0, upstream.endpoint,
        [(nil, .https(TLSTermination(certificates: [Self.name("shop"), Self.name("api")])))])
    }
    try await upstream.stop()
  }

  @Test("a request for another listener than its connection's is sent back") func misdirected() async throws {
    let upstream = try await TestUpstream.start { $0.json("{}") }
    try await TestGateway.run(certificates: Self.store(["shop": "shop", "api": "api"])) { gateway in
      #expect(try await Self.ask(gateway, name: "shop.example").line == "HTTP/1.1 200 OK")
      let other = try await Self.ask(gateway, name: "shop.example", host: "api.example")
      #expect(other.line == "HTTP/1.1 421 Misdirected Request")
      let unknown = try await Self.ask(gateway, name: "shop.example", host: "nobody.example")
      #expect(unknown.line == "HTTP/1.1 404 Not Found")
    } makeTable: {
      Self.table(
        $0, upstream.endpoint, [("shop.example", Self.https("shop")), ("api.example", Self.https("api"))])
    }
    try await upstream.stop()
  }

  @Test("a name that no listener serves, and bytes that are no TLS, are refused with an alert")
  func unknownNames() async throws {
    let upstream = try await TestUpstream.start { $0.json("{}") }
    try await TestGateway.run(certificates: Self.store(["shop": "shop"])) { gateway in
      let other = try await Self.ask(gateway, name: "other.example")
      #expect(other.line == "" && other.failure?.contains("UNRECOGNIZED_NAME") == true, "\(other)")
      #expect(await gateway.handshakes.next() == HandshakeFailure(.unknownName, listenerPort: TestGateway.port))
      let plain = try await TestClient.connect(gateway.address)
      try await plain.send(Self.get("shop.example"))
      #expect(try await plain.receiveUntilClosed().utf8.elementsEqual("\u{15}\u{3}\u{1}\u{0}\u{2}\u{2}p".utf8))
      var old = try TestCertificates.shared.get().client()
      old.maximumTLSVersion = .tlsv11
      let refused = try await Self.ask(gateway, name: "shop.example", old)
      #expect(refused.line == "" && refused.failure?.contains("PROTOCOL_VERSION") == true, "\(refused)")
    } makeTable: {
      Self.table($0, upstream.endpoint, [("shop.example", Self.https("shop"))])
    }
    try await upstream.stop()
  }

  @Test("a listener whose certificate is not there refuses handshakes, says so, and serves once it is")
  func missingCertificate() async throws {
    let upstream = try await TestUpstream.start { $0.json("{}") }
    try await TestGateway.run { gateway in
      let refused = try await Self.ask(gateway, name: "shop.example")
      #expect(refused.line == "" && refused.failure?.contains("HANDSHAKE_FAILURE") == true, "\(refused)")
      #expect(await gateway.handshakes.next()?.reason == .noCertificate)

      var mixed = try Self.store(["shop": "shop"])
      mixed.certificates[Self.name("shop")]?.key = PrivateKey(pem: try TestCertificates.shared.get().bytes("api.key"))
      gateway.certificates.publish(mixed)
      let problem = await gateway.bindings.next()?.certificateProblems.first
      #expect(problem?.listener.name == "shop.example" && problem?.endsAll == true)
      #expect(
        problem?.description.contains("the private key is not that of the certificate") == true, "\(problem as Any)")

      gateway.certificates.publish(try Self.store(["shop": "shop"]))
      #expect(await gateway.bindings.next()?.certificateProblems == [])
      #expect(try await Self.ask(gateway, name: "shop.example").line == "HTTP/1.1 200 OK")
    } makeTable: {
      Self.table($0, upstream.endpoint, [("shop.example", Self.https("shop"))])
    }
    try await upstream.stop()
  }

  @Test("a certificate is exchanged while a response streams") func rotation() async throws {
    let calls = AsyncStream.makeStream(of: TestUpstream.Call.self)
    let upstream = try await TestUpstream.start { calls.continuation.yield($0) }
    try await TestGateway.run(certificates: Self.store(["shop": "shop"])) { gateway in
      let files = try TestCertificates.shared.get()
      let client = try await TestClient.connect(gateway.address, tls: files.client(), name: "shop.example")
      try await client.send(Self.get("shop.example"))
      var waiting = calls.stream.makeAsyncIterator()
      let call = try #require(await waiting.next())
      call.begin(["transfer-encoding": "chunked"])
      call.write("before")
      _ = try await client.receive { $0.contains("before") }

      gateway.certificates.publish(try Self.store(["shop": "renewed"]))
      let fresh = try await TestClient.connect(gateway.address, tls: files.client(), name: "shop.example")
      try await fresh.send("GET /none HTTP/1.1\r\nhost: shop.example\r\n\r\n")
      #expect(try await fresh.receive { $0.contains("\r\n\r\n") }.hasPrefix("HTTP/1.1 404 "))
      #expect(try await fresh.peerName() == "renewed")
      #expect(try await client.peerName() == "shop")

      call.write("after")
      call.end()
      #expect(try await client.receive { $0.hasSuffix("0\r\n\r\n") }.contains("after"))
    } makeTable: {
      Self.table($0, upstream.endpoint, [("shop.example", Self.https("shop"))])
    }
    try await upstream.stop()
  }

  @Test(
    "clients must show a valid certificate, where a listener asks for one",
    arguments: [
      (nil, false), ("client", true), ("expired", false), ("foreign", false),
    ] as [(String?, Bool)])
  func clientCertificates(_ certificate: String?, isServed: Bool) async throws {
    let upstream = try await TestUpstream.start { $0.json("{}") }
    for mode in [ClientCertificateValidation.Mode.allowValidOnly, .allowInsecureFallback] {
      try await TestGateway.run(certificates: Self.store(["shop": "shop"])) { gateway in
        let tls = try TestCertificates.shared.get().client(showing: certificate)
        let answer = try await Self.ask(gateway, name: "shop.example", tls)
        let serves = isServed || mode == .allowInsecureFallback
        #expect(answer.line == (serves ? "HTTP/1.1 200 OK" : ""), "\(mode): \(answer)")
        if !serves { #expect(await gateway.handshakes.next()?.reason == .notAgreed) }
      } makeTable: {
        let validation = ClientCertificateValidation(authorities: [Self.name("ca")], mode: mode)
        return Self.table($0, upstream.endpoint, [("shop.example", Self.https("shop", validation))])
      }
    }
    try await upstream.stop()
  }

  @Test("a client that says nothing is not waited for") func handshakeTimeout() async throws {
    var configuration = ProxyConfiguration()
    configuration.handshakeTimeoutSeconds = 1
    try await TestGateway.run(certificates: Self.store(["shop": "shop"]), configuration: configuration) {
      gateway in
      let client = try await TestClient.connect(gateway.address)
      #expect(try await client.receiveUntilClosed() == "")
      #expect(await gateway.handshakes.next()?.reason == .timeout)
      let leaving = try await TestClient.connect(gateway.address)
      try await leaving.close()
      #expect(await gateway.handshakes.next()?.reason == .clientClosed)
    } makeTable: {
      Self.table($0, EndpointID(address: "127.0.0.1", port: 1), [("shop.example", Self.https("shop"))])
    }
  }

  @Test("a response that is cut short does not end like one that is whole") func truncation() async throws {
    let upstream = try await TestUpstream.start { call in
      call.begin(["transfer-encoding": "chunked"])
      call.write("half")
      call.die()
    }
    try await TestGateway.run(certificates: Self.store(["shop": "shop"])) { gateway in
      let client = try await TestClient.connect(
        gateway.address, tls: TestCertificates.shared.get().client(), name: "shop.example")
      try await client.send("GET /v1/files HTTP/1.0\r\nhost: shop.example\r\n\r\n")
      #expect(try await client.receiveUntilClosed().hasSuffix("half"))
      #expect(client.wasReset)
    } makeTable: {
      Self.table($0, upstream.endpoint, [("shop.example", Self.https("shop"))])
    }
    try await upstream.stop()
  }
}
