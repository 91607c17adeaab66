import NIOHTTP1
import Routing
import TestSupport
import Testing

@testable import DataPlane

/// Listeners behind a load balancer that tells whose each connection is.
@Suite(.timeLimit(.minutes(1))) struct ProxyProtocolLiveTests {
  private static let get = "GET /v1/files HTTP/1.1\r\nhost: shop.example\r\n\r\n"
  private static let line = Array("PROXY TCP4 203.0.113.9 10.0.0.1 4711 80\r\n".utf8)
  private static let binary = ProxyHeaderReaderTests.binary(0x21, 0x21, ProxyHeaderReaderTests.six)

  private static func table(_ address: String, _ upstream: TestUpstream, trusting prefix: String? = nil) -> RoutingTable
  {
    var table = TestGateway.makeTable(address: address, endpoints: [upstream.endpoint], models: [:])
    table.listeners[0].expectsProxyHeader = true
    table.listeners[0].trustedCallers = TrustedCallers([prefix].compactMap { $0.flatMap { AddressPrefix($0) } })
    return table
  }

  @Test(
    "the client is the one that the header tells, for each request of the connection",
    arguments: [
      (line, "203.0.113.9"), (binary, "2001:db8::1"), (Array("PROXY UNKNOWN\r\n".utf8), "127.0.0.1"),
      (ProxyHeaderReaderTests.binary(0x20, 0, []), "127.0.0.1"),
    ])
  func clients(_ header: [UInt8], _ client: String) async throws {
    let upstream = try await TestUpstream.start { $0.json("{}") }
    try await TestGateway.run { gateway in
      let balancer = try await TestClient.connect(gateway.address, preface: header)
      for number in 1...2 {
        try await balancer.send(Self.get)
        #expect(try await balancer.receive { $0.hasSuffix("{}") }.hasPrefix("HTTP/1.1 200 "))
        #expect(upstream.requests.last?.head.headers["x-forwarded-for"] == [client])
        #expect(upstream.requests.count == number)
        #expect(await gateway.records.next()?.client == client)
      }
      try await balancer.close()
    } makeTable: {
      Self.table($0, upstream)
    }
    try await upstream.stop()
  }

  @Test("a header that comes in pieces, and a request in the same piece as its end") func pieces() async throws {
    let upstream = try await TestUpstream.start { $0.json("{}") }
    try await TestGateway.run { gateway in
      let balancer = try await TestClient.connect(gateway.address)
      try await balancer.send("PROXY TCP4 203.0.")
      try await eventually("the first piece has come") { try await gateway.server.census().clients == 1 }
      try await balancer.send("113.9 10.0.0.1 4711 80\r\n" + Self.get)
      #expect(try await balancer.receive { $0.hasSuffix("{}") }.hasPrefix("HTTP/1.1 200 "))
      #expect(upstream.requests.last?.head.headers["x-forwarded-for"] == ["203.0.113.9"])
      try await balancer.close()
    } makeTable: {
      Self.table($0, upstream)
    }
    try await upstream.stop()
  }

  @Test("who is trusted is the client that the header tells, not the load balancer: it has written no header of HTTP")
  func trust() async throws {
    let upstream = try await TestUpstream.start { $0.json("{}") }
    for (prefix, isTrusted) in [("203.0.113.0/24", true), ("127.0.0.0/8", false)] {
      try await TestGateway.run { gateway in
        let balancer = try await TestClient.connect(gateway.address, preface: Self.line)
        try await balancer.send(Self.get)
        let answer = try await balancer.receive { $0.hasSuffix("{}") }
        #expect(answer.contains("x-switchyard-endpoint: ") == isTrusted)
        try await balancer.close()
      } makeTable: {
        Self.table($0, upstream, trusting: prefix)
      }
    }
    try await upstream.stop()
  }

  @Test("who sends no header, a wrong one or half of one is closed and counted") func refused() async throws {
    let upstream = try await TestUpstream.start { $0.json("{}") }
    try await TestGateway.run { gateway in
      for (text, reason) in [
        (Self.get, .noHeader), ("PROXY TCP4 x y 1 2\r\n" + Self.get, .malformed),
        ("\r\n\r\n\0\r\nQUIT\n\u{21}\u{11}\u{7F}\u{7F}", .tooLong),
      ] as [(String, ProxyHeaderFailure.Reason)] {
        let client = try await TestClient.connect(gateway.address)
        try await client.send(text)
        #expect(try await client.receiveUntilClosed() == "")
        #expect(await gateway.proxyHeaders.next() == ProxyHeaderFailure(reason, listenerPort: TestGateway.port))
      }
      let half = try await TestClient.connect(gateway.address)
      try await half.send("PROXY TCP4 203")
      try await half.close()
      #expect(await gateway.proxyHeaders.next()?.reason == .callerClosed)
    } makeTable: {
      Self.table($0, upstream)
    }
    #expect(upstream.requests.isEmpty)
    try await upstream.stop()
  }

  @Test("a header that does not come whole is not waited for") func silent() async throws {
    let upstream = try await TestUpstream.start { $0.json("{}") }
    var configuration = ProxyConfiguration()
    configuration.headerTimeoutSeconds = 1
    try await TestGateway.run(configuration: configuration) { gateway in
      let client = try await TestClient.connect(gateway.address, preface: Array("PROXY ".utf8))
      #expect(try await client.receiveUntilClosed() == "")
      #expect(await gateway.proxyHeaders.next()?.reason == .timeout)
    } makeTable: {
      Self.table($0, upstream)
    }
    try await upstream.stop()
  }

  @Test("the header stands before TLS", .enabled(if: isInstalled("openssl"))) func tls() async throws {
    let upstream = try await TestUpstream.start { $0.json("{}") }
    try await TestGateway.run(certificates: TLSTests.store(["shop": "shop"])) { gateway in
      let tls = try TestCertificates.shared.get().client()
      let balancer = try await TestClient.connect(
        gateway.address, tls: tls, name: "shop.example", preface: Self.binary)
      try await balancer.send(Self.get)
      #expect(try await balancer.receive { $0.hasSuffix("{}") }.hasPrefix("HTTP/1.1 200 "))
      let headers = try #require(upstream.requests.last).head.headers
      #expect(headers["x-forwarded-for"] == ["2001:db8::1"] && headers["x-forwarded-proto"] == ["https"])
      try await balancer.close()
    } makeTable: {
      var table = Self.table($0, upstream)
      table.listeners[0].serving = TLSTests.https("shop")
      return table
    }
    try await upstream.stop()
  }
}
