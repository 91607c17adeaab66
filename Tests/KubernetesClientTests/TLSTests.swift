import Foundation
import KubernetesClient
import TestSupport
import Testing

/// HTTP/2 and mutual TLS against a server that is not ours, where the machine has one.
@Suite(.timeLimit(.minutes(1)), .enabled(if: hasHTTP2Server, "needs the programs openssl and node"))
struct TLSTests {
  @Test func aServerIsTrustedOnlyThroughItsAuthorityAndBothSidesShowWhoTheyAre() async throws {
    let files = try Certificates()
    let server = try HTTP2Server(files)
    let transport = try CurlTransport()
    let trusting = try files.identity
    let response = try await transport.send(HTTPRequest(url: server.url + "/who", tls: trusting))
    #expect(String(decoding: try await response.collect(upTo: 1000), as: UTF8.self) == "2.0 client")

    // The system's authorities do not know the server.
    let unknown = await #expect(throws: HTTPTransportError.self) {
      try await transport.send(HTTPRequest(url: server.url))
    }
    guard case .tls = unknown else {
      Issue.record("\(String(describing: unknown))")
      return
    }
    // A server that must know us refuses a client without a certificate.
    let nobody = try TLSIdentity(certificateAuthority: files.authority)
    let refusal = await #expect(throws: HTTPTransportError.self) {
      try await transport.send(HTTPRequest(url: server.url + "/who", tls: nobody))
    }
    // With TLS 1.3 the server may say no after our first byte, or hang up.
    switch refusal {
    case .tls, .connectionLost: break
    default: Issue.record("\(String(describing: refusal))")
    }
    // The right authority, but another name than the one in the certificate.
    var misnamed = trusting
    misnamed.serverName = "elsewhere.example"
    let error = await #expect(throws: HTTPTransportError.self) {
      try await transport.send(HTTPRequest(url: server.url + "/who", tls: misnamed))
    }
    guard case .tls = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    // A name that is in the certificate is asked for, although the URL has the address.
    var named = trusting
    named.serverName = "kubernetes.test"
    let answer = try await transport.send(HTTPRequest(url: server.url + "/name", tls: named))
    let words = String(decoding: try await answer.collect(upTo: 1000), as: UTF8.self)
    #expect(words == "kubernetes.test 127.0.0.1:\(server.port)")
  }

  @Test func theAuthorityIsReadAgainWhenItsFileRotates() async throws {
    let (old, new) = (try Certificates(), try Certificates())
    let server = try HTTP2Server(new)
    let path = "\(old.folder)/current.pem"
    try Data(old.authority).write(to: URL(fileURLWithPath: path))
    let configuration = ClientConfiguration(
      server: server.url, tls: try new.identity, certificateFiles: ClientCertificateFiles(authority: path))
    let client = APIClient(configuration: configuration, transport: try CurlTransport(), retryPolicy: .never)
    let error = await #expect(throws: APIError.self) { _ = try await client.send(APIRequest(path: "/who")) }
    guard case .transport(.tls) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    try Data(new.authority).write(to: URL(fileURLWithPath: path), options: .atomic)
    #expect(String(decoding: try await client.send(APIRequest(path: "/who")), as: UTF8.self) == "2.0 client")
    try Data("half".utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    let broken = await #expect(throws: APIError.self) { _ = try await client.send(APIRequest(path: "/who")) }
    #expect(broken?.description.contains("certificate-authority holds no PEM block") == true)
  }

  @Test func aServerThatIsNotVerifiedIsTakenAsItIs() async throws {
    let (ours, theirs) = (try Certificates(), try Certificates())
    let server = try HTTP2Server(theirs)
    var identity = TLSIdentity(
      certificate: try theirs.clientCertificate, key: try theirs.clientKey, serverName: "elsewhere.example",
      skipsVerification: true)
    let transport = try CurlTransport()
    let response = try await transport.send(HTTPRequest(url: server.url + "/who", tls: identity))
    #expect(String(decoding: try await response.collect(upTo: 1000), as: UTF8.self) == "2.0 client")
    // Its connection is not for those who look.
    identity = try TLSIdentity(
      certificateAuthority: ours.authority, certificate: theirs.clientCertificate, key: theirs.clientKey)
    await #expect(throws: HTTPTransportError.self) {
      try await transport.send(HTTPRequest(url: server.url + "/who", tls: identity))
    }
  }

  @Test func manyWatchesShareOneConnection() async throws {
    let files = try Certificates()
    let server = try HTTP2Server(files)
    let transport = try CurlTransport()
    let tls = try files.identity
    var bodies: [HTTPBody] = []
    for _ in 0..<150 {
      bodies.append(try await transport.send(HTTPRequest(url: server.url + "/watch", tls: tls)).body)
    }
    for body in bodies {
      var chunks = body.makeAsyncIterator()
      #expect(try await chunks.next() == Array("event\n".utf8))
    }
    let response = try await transport.send(HTTPRequest(url: server.url + "/connections", tls: tls))
    #expect(String(decoding: try await response.collect(upTo: 1000), as: UTF8.self) == "1")
    bodies = []
  }

  /// Libcurl stops taking in a response whose reader is behind; the other streams of the connection must go on.
  @Test(arguments: [1, 256 << 10])
  func aReaderThatIsBehindDoesNotHoldUpTheOthers(buffer: Int) async throws {
    let files = try Certificates()
    let server = try HTTP2Server(files)
    let transport = try CurlTransport(maximumBufferedBytes: buffer)
    let tls = try files.identity
    var unread: [HTTPResponse] = []
    for _ in 0..<5 {
      unread.append(try await transport.send(HTTPRequest(url: server.url + "/big", tls: tls)))
      let response = try await transport.send(HTTPRequest(url: server.url + "/who", timeout: .seconds(5), tls: tls))
      #expect(String(decoding: try await response.collect(upTo: 1000), as: UTF8.self) == "2.0 client")
    }
    for response in unread { #expect(try await response.collect(upTo: 2_000_000).count == 1_500_000) }
    let response = try await transport.send(HTTPRequest(url: server.url + "/connections", tls: tls))
    #expect(String(decoding: try await response.collect(upTo: 1000), as: UTF8.self) == "1")
  }

  @Test func behindAProxyTheAnswerIsTheServersAndNotTheProxys() async throws {
    let files = try Certificates()
    let server = try HTTP2Server(files)
    let proxy = try TunnelProxy()
    let transport = try CurlTransport()
    let response = try await transport.send(
      HTTPRequest(url: server.url + "/missing", tls: try files.identity, proxy: proxy.url))
    #expect(response.status == 404)
    #expect(response.headers["X-Proxy"] == nil)
    #expect(String(decoding: try await response.collect(upTo: 1000), as: UTF8.self) == "nothing here")
    #expect(proxy.count == 1)
  }

  @Test func aProxyThatMakesNoTunnelMeansThatNothingWasSent() async throws {
    let proxy = try TinyServer { _, connection in connection.answer("502 Bad Gateway") }
    let transport = try CurlTransport()
    let error = await #expect(throws: HTTPTransportError.self) {
      try await transport.send(HTTPRequest(url: "https://127.0.0.1:1", proxy: proxy.url))
    }
    #expect(error?.nothingWasSent == true, "\(String(describing: error))")
    #expect(error?.description.contains("502") == true, "\(String(describing: error))")
  }
}
