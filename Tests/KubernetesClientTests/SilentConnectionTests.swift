import Foundation
import TestSupport
import Testing

@testable import KubernetesClient

/// A connection that is acknowledged and never answered, as behind a proxy whose backend died.
@Suite(.timeLimit(.minutes(1)), .enabled(if: hasHTTP2Server, "needs the programs openssl and node"))
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

  private func send(_ path: String, timeout: Duration) async throws -> HTTPResponse {
    try await transport.send(request(path, timeout: timeout))
  }

  private func who(timeout: Duration = .seconds(10)) async throws -> String {
    let response = try await send("/who", timeout: timeout)
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

  /// The first event of a watch that is then silent.
  private func watch(
    on transport: CurlTransport, stallTimeout: Duration? = nil
  ) async throws -> HTTPBody.AsyncIterator {
    var watch = try await transport.send(request("/watch", stallTimeout: stallTimeout)).body.makeAsyncIterator()
    #expect(try await watch.next() == Array("event\n".utf8))
    return watch
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
    let transport = try CurlTransport(patience: .init(oneRequest: .seconds(2)))
    var open = try await watch(on: transport)
    // Long enough that the first event comes also on a machine that has much to do.
    var stalling = try await watch(on: transport, stallTimeout: .seconds(3))
    proxy.freeze()
    #expect(await failure { _ = try await stalling.next() } == .stalled(.seconds(3)))
    #expect(await failure { _ = try await open.next() } == .connectionLost("the connection went silent"))
    _ = try await transport.send(request("/who", timeout: .seconds(10)))
    #expect(proxy.count == 2)
  }

  @Test func aShortRequestThatTimesOutLeavesSilentWatchesAlone() async throws {
    var watch = try await watch(on: transport)
    for _ in 0..<2 {
      guard case .timedOut = await failure({ _ = try await send("/never", timeout: .milliseconds(300)) }) else {
        Issue.record("was answered")
        return
      }
    }
    _ = try await send("/tell", timeout: .seconds(10))
    #expect(try await watch.next() == Array("event\n".utf8))
    #expect(proxy.count == 1, "the connection is still the same")
  }

  @Test func aSlowRequestOnALivelyConnectionIsAloneInItsFailure() async throws {
    let transport = try CurlTransport(patience: .init(oneRequest: .seconds(1)))
    var ticks = try await transport.send(request("/ticks")).body.makeAsyncIterator()
    #expect(try await ticks.next() != nil)
    guard
      case .timedOut = await failure({ _ = try await transport.send(request("/never", timeout: .seconds(3))) })
    else {
      Issue.record("was answered")
      return
    }
    for _ in 0..<3 { #expect(try await ticks.next() != nil) }
    #expect(proxy.count == 1, "the connection is still the same")
  }
}
