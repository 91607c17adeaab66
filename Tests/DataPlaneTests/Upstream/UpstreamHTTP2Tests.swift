import Foundation
import NIOCore
import NIOEmbedded
import NIOHPACK
import NIOHTTP2
import Routing
import Synchronization
import Testing

@testable import DataPlane

/// Requests to an endpoint that speaks HTTP/2: each frame when the test wants it.
@Suite struct UpstreamHTTP2Tests {
  typealias Rig = PipelineTests.Rig

  private func rig(_ candidates: [Endpoint] = [ExchangeTests.first, ExchangeTests.second]) throws -> Rig {
    try Rig(candidates: candidates, transport: UpstreamTransport(.http2))
  }

  private static let post = "POST /v1/x HTTP/1.1\r\nhost: shop.example\r\ncontent-length: 2\r\n\r\n{}"
  private static let ok = [(":status", "200")]

  /// A rig whose client has sent a request, and the endpoint that has it.
  private func asked(_ request: String = post) throws -> (Rig, HTTP2Peer) {
    let rig = try rig()
    try rig.send(request)
    return (rig, try HTTP2Peer(try #require(rig.upstreams.first)))
  }

  /// The body of a response in chunks.
  private static func chunked(_ answer: String) -> String {
    let lines = answer.components(separatedBy: "\r\n\r\n").dropFirst(2).joined(separator: "\r\n\r\n")
      .components(separatedBy: "\r\n")
    return lines.enumerated().filter { $0.offset % 2 == 1 }.map(\.element).joined()
  }

  private func outcomes(_ rig: Rig) -> [GatewayError.Kind?] { rig.records.records.withLock { $0.map(\.error?.kind) } }

  @Test func nothingIsAskedBeforeTheEndpointHasSpokenHTTP2() throws {
    let rig = try rig()
    try rig.send(Self.post)
    let channel = try #require(rig.upstreams.first)
    let first = try rig.raw(channel)
    #expect(first.hasPrefix("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") && !first.contains("shop.example"))
    #expect(rig.states.state(of: ExchangeTests.first.id).inFlight == 1)
  }

  @Test("a response is the same wherever its bytes are cut") func everySplit() throws {
    var (cut, whole) = (1, Int.max)
    while cut < whole {
      let (rig, peer) = try asked()
      #expect(peer.requests.count == 1 && peer.body(1) == "{}")
      try peer.head(1, [(":status", "103"), ("link", "</a>")])
      try peer.head(1, Self.ok + [("content-type", "text/plain"), ("x-of", "endpoint")])
      try peer.data(1, "some")
      try peer.data(1, " more")
      try peer.head(1, [("x-sum", "9")], ends: true)
      whole = peer.pending.readableBytes
      try peer.deliver(cut)
      try peer.deliver(whole - cut)
      let answer = try rig.received(rig.client)
      #expect(answer.hasPrefix("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 200 OK\r\n"), "cut at \(cut)")
      #expect(answer.contains("transfer-encoding: chunked") && answer.contains("x-of: endpoint"))
      #expect(answer.hasSuffix("\r\n0\r\n\r\n") && Self.chunked(answer) == "some more")
      #expect(outcomes(rig) == [nil] && rig.states.inFlight == 0)
      cut += 1
    }
    #expect(whole > 60)
  }

  @Test func whatARequestSaysIsWrittenAsHTTP2() throws {
    let (_, peer) = try asked(
      "POST /v1/x?q=1 HTTP/1.1\r\nHost: shop.example:8080\r\nTE: gzip, trailers\r\nTransfer-Encoding: chunked\r\n"
        + "X-Own: A\r\nConnection: x-hop\r\nX-Hop: 1\r\n\r\n2\r\nab\r\n0\r\n\r\n")
    let head = try #require(peer.requests.first)
    #expect(head.first(name: ":method") == "POST" && head.first(name: ":path") == "/v1/x?q=1")
    #expect(head.first(name: ":authority") == "shop.example:8080" && head.first(name: ":scheme") == "http")
    #expect(head.first(name: "te") == "trailers" && head.first(name: "x-own") == "A")
    #expect(head.first(name: "via") == "1.1 switchyard" && head.first(name: "x-forwarded-for") == "192.0.2.1")
    for name in ["host", "transfer-encoding", "connection", "x-hop", "content-length"] {
      #expect(!head.contains(name: name))
    }
    #expect(head.allSatisfy { $0.name == $0.name.lowercased() } && peer.body(1) == "ab")
  }

  @Test func secretsOfClientsAreInNoTableThatOthersShare() {
    let head = RequestHead(
      method: "GET", path: "/", fields: [("Authorization", "Bearer x"), ("Cookie", "a=b"), ("accept", "*/*")])
    let fields = UpstreamFields(
      endpoint: ExchangeTests.first.id, client: ClientInfo(address: nil, listenerAddress: nil, listenerPort: 80),
      framing: .none, requestID: RequestID(loop: 1, number: 1))
    let list = HTTP2Writer.request(head, fields, isSecure: true)
    let never = list.filter { $0.indexable == .neverIndexed }.map(\.name)
    #expect(never == ["authorization", "cookie"] && list.first(name: ":scheme") == "https")
  }

  @Test func aRefusedRequestIsSentAgainWhateverItsMethod() throws {
    let (rig, first) = try asked()
    try first.send(1, .rstStream(.refusedStream))
    try first.exchange()
    // Once to the same endpoint, over a new connection.
    let second = try HTTP2Peer(try #require(rig.upstreams.last))
    #expect(rig.upstreams.count == 2 && second.requests.count == 1 && second.body(1) == "{}")
    try second.send(1, .rstStream(.refusedStream))
    try second.exchange()
    let third = try HTTP2Peer(try #require(rig.upstreams.last))
    #expect(rig.upstreams.count == 3)
    try third.head(1, Self.ok, ends: true)
    try third.exchange()
    #expect(try rig.received(rig.client).hasPrefix("HTTP/1.1 200") && outcomes(rig) == [nil])
    #expect(rig.records.records.withLock { $0.first?.endpoint } == ExchangeTests.second.id)
  }

  @Test func whatAConnectionThatEndsHasNotLookedAtIsSentOverANewOne() throws {
    let (rig, first) = try asked()
    try first.send(.rootStream, .goAway(lastStreamID: .rootStream, errorCode: .noError, opaqueData: nil))
    try first.exchange()
    #expect(!rig.upstreams[0].isActive)
    let second = try HTTP2Peer(try #require(rig.upstreams.last))
    try second.head(1, Self.ok, ends: true)
    try second.exchange()
    #expect(try rig.received(rig.client).hasPrefix("HTTP/1.1 200"))
    #expect(rig.records.records.withLock { $0.first?.endpoint } == ExchangeTests.first.id)
    #expect(!rig.states.state(of: ExchangeTests.first.id).hasFailedLately(now: 0))
  }

  @Test func whatItHasLookedAtIsAnsweredAndNothingElseSent() throws {
    let (rig, first) = try asked()
    try first.send(.rootStream, .goAway(lastStreamID: 1, errorCode: .noError, opaqueData: nil))
    try first.exchange()
    try first.head(1, Self.ok, ends: true)
    try first.exchange()
    #expect(try rig.received(rig.client).hasPrefix("HTTP/1.1 200") && !rig.upstreams[0].isActive)
    try rig.send(Self.post)
    #expect(rig.upstreams.count == 2)
  }

  @Test func aResetPostIsNotSentAgain() throws {
    let (rig, peer) = try asked()
    try peer.send(1, .rstStream(.internalError))
    try peer.exchange()
    #expect(outcomes(rig) == [.noResponse] && rig.upstreams.count == 1 && rig.states.inFlight == 0)
    #expect(try rig.received(rig.client).contains("it reset the request"))
    // The connection is as good as before.
    try rig.send(Self.post)
    try peer.exchange()
    #expect(rig.upstreams.count == 1 && peer.requests.count == 2)
  }

  @Test func aConnectionThatRestedAndIsGoneSaysNothingOfItsEndpoint() throws {
    let (rig, peer) = try asked()
    try peer.head(1, Self.ok, ends: true)
    try peer.exchange()
    try rig.send(Self.post)
    #expect(rig.upstreams.count == 1)
    try peer.close()
    let second = try HTTP2Peer(try #require(rig.upstreams.last))
    #expect(rig.upstreams.count == 2)
    try second.head(1, Self.ok, ends: true)
    try second.exchange()
    #expect(outcomes(rig) == [nil, nil])
  }

  @Test func anAnswerBeforeTheRequestIsWholeEndsItsStream() throws {
    let (rig, peer) = try asked("POST /v1/x HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\n{}")
    #expect(peer.body(1) == "{}")
    try peer.head(1, [(":status", "413")], ends: true)
    try peer.exchange()
    #expect(peer.reset(1) == .cancel && rig.states.inFlight == 0)
    #expect(try rig.received(rig.client).hasPrefix("HTTP/1.1 413"))
  }

  @Test func aClientThatTakesNothingHoldsTheEndpointBack() throws {
    let (rig, peer) = try asked()
    try peer.head(1, Self.ok)
    try peer.exchange()
    rig.client.isWritable = false
    rig.client.pipeline.fireChannelWritabilityChanged()
    let piece = String(repeating: "x", count: 16 << 10)
    for _ in 0..<16 { try peer.data(1, piece) }
    try peer.exchange()
    func opened() -> Int {
      peer.frames.reduce(0) { sum, frame in
        if case .windowUpdate(let size) = frame.payload, frame.streamID == 1 { return sum + size }
        return sum
      }
    }
    #expect(opened() == 0)
    rig.client.isWritable = true
    rig.client.pipeline.fireChannelWritabilityChanged()
    try peer.exchange()
    #expect(opened() == 256 << 10)
    try peer.data(1, "}", ends: true)
    try peer.exchange()
    #expect(outcomes(rig) == [nil])
  }

  @Test func anUploadWaitsForTheEndpointsWindow() throws {
    let rig = try rig()
    let (model, more) = (#"{"model":"chat"}"#, 300_000)
    let count = model.utf8.count + more
    try rig.send("POST /v1/x HTTP/1.1\r\nhost: x\r\ncontent-length: \(count)\r\n\r\n\(model)")
    let peer = try HTTP2Peer(try #require(rig.upstreams.first))
    for _ in 0..<10 { try rig.send(String(repeating: " ", count: more / 10)) }
    try peer.exchange()
    #expect(peer.body(1).utf8.count == 65_535)
    #expect(rig.client.isActive && outcomes(rig) == [])
    try peer.send(.rootStream, .windowUpdate(windowSizeIncrement: 1 << 20))
    try peer.send(1, .windowUpdate(windowSizeIncrement: 1 << 20))
    try peer.exchange()
    #expect(peer.body(1).utf8.count == count)
  }

  @Test func anEndpointThatBreaksHTTP2LosesItsConnection() throws {
    let (rig, peer) = try asked()
    try peer.head(1, Self.ok + [("content-length", "10")])
    try peer.exchange()
    // A frame that no connection may have: DATA of stream 0.
    try rig.upstreams[0].writeInbound(ByteBuffer(bytes: [0, 0, 0, 0, 0, 0, 0, 0, 0]))
    rig.loop.run()
    #expect(outcomes(rig) == [.endpointLost] && !rig.upstreams[0].isActive)
  }
}
