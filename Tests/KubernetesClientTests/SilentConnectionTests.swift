import Foundation
import KubernetesClient
import Testing

/// A connection that is acknowledged and never answered, as behind a proxy whose backend died.
@Suite(.enabled(if: Tool.hasHTTP2Server, "needs the programs openssl and node"))
struct SilentConnectionTests {
  private let server: HTTP2Server
  private let proxy: TunnelProxy
  private let transport: CurlTransport
  private let tls: TLSIdentity

  init() throws {
    let files = try Certificates()
    server = try HTTP2Server(files)
    proxy = try TunnelProxy()
    transport = try CurlTransport()
    tls = try files.identity
  }

  private func request(_ path: String, timeout: Duration? = nil, stallTimeout: Duration? = nil) -> HTTPRequest {
    HTTPRequest(
      url: server.url + path, timeout: timeout, stallTimeout: stallTimeout, tls: tls, proxy: proxy.url)
  }

  private func who(timeout: Duration = .seconds(10)) async throws -> String {
    let response = try await transport.send(request("/who", timeout: timeout))
    return String(decoding: try await response.collect(upTo: 1000), as: UTF8.self)
  }

  private func failure(_ work: () async throws -> Void) async -> HTTPTransportError? {
    do {
      try await work()
      return nil
    } catch {
      return error as? HTTPTransportError
    }
  }

  @Test func aRequestThatTimesOutGivesUpItsConnectionSoThatTheNextIsAnswered() async throws {
    #expect(try await who() == "2.0 client")
    proxy.freeze()
    guard case .timedOut = await failure({ _ = try await who(timeout: .milliseconds(300)) }) else {
      Issue.record("was answered")
      return
    }
    #expect(try await who() == "2.0 client")
    #expect(proxy.count == 2)
  }

  @Test func aWatchThatStallsTakesItsWholeConnectionAlong() async throws {
    var open = try await transport.send(request("/watch")).body.makeAsyncIterator()
    #expect(try await open.next() == Array("event\n".utf8))
    var stalling = try await transport.send(request("/watch", stallTimeout: .milliseconds(300))).body
      .makeAsyncIterator()
    #expect(try await stalling.next() == Array("event\n".utf8))
    proxy.freeze()
    #expect(await failure { _ = try await stalling.next() } == .stalled(.milliseconds(300)))
    #expect(await failure { _ = try await open.next() } == .connectionLost("the connection went silent"))
    #expect(try await who() == "2.0 client")
    #expect(proxy.count == 2)
  }

  @Test func aSlowRequestOnALivelyConnectionIsAloneInItsFailure() async throws {
    var ticks = try await transport.send(request("/ticks")).body.makeAsyncIterator()
    #expect(try await ticks.next() != nil)
    guard
      case .timedOut = await failure({ _ = try await transport.send(request("/never", timeout: .milliseconds(500))) })
    else {
      Issue.record("was answered")
      return
    }
    for _ in 0..<3 { #expect(try await ticks.next() != nil) }
    #expect(try await who() == "2.0 client")
    #expect(proxy.count == 1, "the connection is still the same")
  }
}
