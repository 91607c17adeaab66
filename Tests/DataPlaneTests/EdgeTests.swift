import NIOCore
import NIOEmbedded
import Routing
import Synchronization
import Testing

@testable import DataPlane

/// What clients send by mistake or with intent, and what must not come of it.
@Suite struct EdgeTests {
  typealias Rig = PipelineTests.Rig

  static let json = "Host: x\r\nContent-Type: application/json\r\n"

  /// What is refused for what it says may be broken behind that, in the same read: the event loop must not look for the end of it.
  @Test func aBodyThatIsRefusedTwiceIsAnsweredOnce() throws {
    let rig = try Rig()
    try rig.send("POST /a HTTP/1.1\r\n\(Self.json)Transfer-Encoding: chunked\r\n\r\n5\r\nhello!\r\n0\r\n\r\n")
    #expect(try rig.received(rig.client).hasPrefix("HTTP/1.1 400 "))
    #expect(rig.records.records.withLock { $0.map(\.error?.kind) } == [.invalidBody])
    #expect(!rig.client.isActive)
  }

  /// A client that saw nothing at all might send its request again.
  @Test func aResponseThatBreaksInItsFirstReadIsCutShortVisibly() throws {
    let rig = try Rig()
    try rig.send(PipelineTests.request)
    try rig.answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nno size\r\n")
    let received = try rig.received(rig.client)
    #expect(received.hasPrefix("HTTP/1.1 200 OK\r\n"))
    #expect(received.contains("5\r\nhello") && !received.contains("0\r\n\r\n"))
    #expect(!rig.client.isActive)
  }

  @Test(arguments: ["9223372036854775808", "18446744073709551615"])
  func aLengthBeyondAllMeasureIsNoRequestWithoutABody(_ length: String) throws {
    let rig = try Rig()
    try rig.send("GET /a HTTP/1.1\r\nHost: x\r\nContent-Length: \(length)\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n")
    #expect(try rig.received(rig.client).hasPrefix("HTTP/1.1 400 "))
    #expect(rig.upstreams.isEmpty)
  }

  @Test func aLengthMayHaveSpacesBehindIt() throws {
    let rig = try Rig()
    try rig.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Encoding: br\r\nContent-Length: 3  \r\n\r\nabc")
    let sent = try rig.received(try #require(rig.upstreams.first))
    #expect(sent.contains("content-length: 3\r\n"))
    #expect(sent.hasSuffix("\r\n\r\nabc"))
  }

  @Test(
    arguments: [
      ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "several_hosts"),
      ("GET http://a/ HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "several_hosts"),
      ("GET http://me:secret@a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, "invalid_target"),
      ("GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, "invalid_target"),
      ("GET HTTP://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 0, ""),
      ("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 0, ""),
      (
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501,
        "transfer_coding_not_supported"
      ),
      (
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 501,
        "transfer_coding_not_supported"
      ),
      ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n", 0, ""),
      ("POST / HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "invalid_http"),
    ])
  func headsInDoubtAreRefusedAndTheConnectionEnds(_ text: String, _ status: Int, _ code: String) throws {
    let rig = try Rig()
    try rig.send(text)
    let received = try rig.received(rig.client)
    guard status > 0 else {
      #expect(rig.upstreams.count == 1, "\(received)")
      return
    }
    #expect(received.hasPrefix("HTTP/1.1 \(status) "))
    #expect(rig.records.records.withLock { $0.map(\.error?.kind.rawValue) } == [code], "\(received)")
    #expect(received.contains("connection: close\r\n"))
    #expect(rig.upstreams.isEmpty)
  }

  @Test(arguments: [
    ("application/x-www-form-urlencoded", #"{"model":"unknown"}"#, "HTTP/1.1 404 "),
    ("text/plain", #"{"model":"unknown"}"#, "HTTP/1.1 404 "), ("application/jsonl", #"{"model":"unknown"}"#, ""),
    ("text/plain", #"{"model":3}"#, ""), ("text/plain", "model=chat", ""),
    ("application/json", "model=chat", "HTTP/1.1 400 "),
  ])
  func whatMayBeJSONIsTriedAndPassesIfItIsNot(_ type: String, _ body: String, _ start: String) throws {
    let rig = try Rig()
    try rig.send(
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
    if start.isEmpty {
      #expect(try rig.received(try #require(rig.upstreams.first)).hasSuffix("\r\n\r\n" + body))
    } else {
      #expect(try rig.received(rig.client).hasPrefix(start))
    }
  }

  @Test(arguments: [
    "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\n",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
  ])
  func responsesThatCannotBeRelayedAre502(_ answer: String) throws {
    let rig = try Rig()
    try rig.send(PipelineTests.request)
    try rig.answer(answer)
    let received = try rig.received(rig.client)
    #expect(received.hasPrefix("HTTP/1.1 502 "))
    #expect(received.contains(#""code":"invalid_response""#))
    #expect(!rig.upstreams[0].isActive)
    #expect(rig.client.isActive && rig.states.inFlight == 0)
  }

  @Test func nothingIsKeptThatNobodyWillRead() throws {
    let rig = try Rig()
    try rig.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    for _ in 0..<100 { try rig.send(String(repeating: "x", count: 10_000)) }
    let handler = try rig.client.pipeline.syncOperations.handler(type: ClientHandler.self)
    #expect(!handler.connection.isAhead)
    #expect(rig.states.inFlight == 1)
    try rig.client.close().wait()
    rig.loop.run()
    #expect(rig.states.inFlight == 0)
    #expect(rig.records.records.withLock { $0.map(\.error?.kind) } == [.clientClosed])
  }

  @Test(arguments: [
    ("GET /\(String(repeating: "x", count: 70_000)) HTTP/1.1\r\nHost: a\r\n\r\n", 414, "target_too_long"),
    ("GET / HTTP/1.1\r\n\(String(repeating: "a: b\r\n", count: 257))\r\n", 431, "256 fields"),
  ])
  func limitsAndMistakesAreNamed(_ text: String, _ status: Int, _ part: String) throws {
    let rig = try Rig()
    var rest = Substring(text)
    while !rest.isEmpty && rig.client.isActive {
      try rig.send(rest.prefix(10_000))
      rest = rest.dropFirst(10_000)
    }
    let received = try rig.received(rig.client)
    #expect(received.hasPrefix("HTTP/1.1 \(status) ") && received.contains(part), "\(received)")
  }

  /// What an embedded channel lacks: one side closed, the other open.
  private final class HalfClosing: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
      if mode == .output { promise?.succeed() } else { context.close(mode: mode, promise: promise) }
    }
  }

  @Test func anErrorOutlivesTheRestOfWhatCausedIt() throws {
    let rig = try Rig()
    try rig.client.pipeline.syncOperations.addHandler(HalfClosing(), position: .first)
    try rig.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "x", count: 68_000))
    try rig.send(String(repeating: "y", count: 2000) + "\r\n\r\n")
    #expect(try rig.received(rig.client).hasPrefix("HTTP/1.1 431 "))
    #expect(rig.client.isActive)
    rig.loop.advanceTime(by: .seconds(3))
    #expect(!rig.client.isActive)
  }

  /// The exchange that is told of the fault takes what comes until it has acted on it.
  @Test(arguments: ["", "{\"model\""]) func aBadChunkWithinABodyIsToldOnce(_ body: String) throws {
    let rig = try Rig()
    let type = body.isEmpty ? "text/plain\r\nContent-Encoding: gzip" : "application/json"
    let first = body.isEmpty ? "" : "8\r\n\(body)\r\n"
    try rig.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Type: \(type)\r\nTransfer-Encoding: chunked\r\n\r\n\(first)")
    try rig.send("x\r\n")
    #expect(try rig.received(rig.client).hasPrefix("HTTP/1.1 400 "))
    rig.loop.advanceTime(by: .seconds(3))
    #expect(!rig.client.isActive && rig.states.inFlight == 0)
    #expect(rig.records.records.withLock { $0.map(\.error?.kind) } == [.invalidHTTP])
  }

  @Test func garbageWaitsForTheRunningResponse() throws {
    let rig = try Rig()
    try rig.send(PipelineTests.request)
    try rig.answer("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nab")
    try rig.send("}}} garbage")
    try rig.send("}}} more garbage\r\n\r\n")
    #expect(rig.client.isActive)
    try rig.answer("cd")
    let received = try rig.received(rig.client)
    #expect(received.hasPrefix("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nabcdHTTP/1.1 400 "))
    #expect(rig.records.records.withLock { $0.map(\.status) } == [200, 400])
  }
}
