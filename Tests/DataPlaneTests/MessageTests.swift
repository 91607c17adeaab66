import NIOCore
import NIOEmbedded
import Routing
import Synchronization
import Testing

@testable import DataPlane

/// The forms that HTTP/1 messages may take, through the whole pipeline.
@Suite struct MessageTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var request: String
    /// What the request to the endpoint ends with.
    var sent: String
    var answer: String
    var received: String
    var staysOpen: Bool
  }

  static let cases = [
    Case(
      testDescription: "HEAD has no body, whatever the length says",
      request: "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n", sent: "\r\n\r\n",
      answer: "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n",
      received: "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n", staysOpen: true),
    Case(
      testDescription: "a chunked request stays chunked",
      request: "PUT / HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "3\r\nabc\r\n0\r\n\r\n",
      sent: "\r\n\r\n3\r\nabc\r\n0\r\n\r\n", answer: "HTTP/1.1 204 No Content\r\n\r\n",
      received: "HTTP/1.1 204 No Content\r\n\r\n", staysOpen: true),
    Case(
      testDescription: "204 has no body, and passes without the length that says otherwise",
      request: "DELETE / HTTP/1.1\r\nHost: x\r\n\r\n", sent: "\r\n\r\n",
      answer: "HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n\r\n",
      received: "HTTP/1.1 204 No Content\r\n\r\n", staysOpen: true),
    Case(
      testDescription: "HTTP/1.0 gets chunks unwrapped and ends with the connection",
      request: "GET / HTTP/1.0\r\n\r\n", sent: "\r\n\r\n",
      answer: "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
      received: "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nhi", staysOpen: false),
    Case(
      testDescription: "HTTP/1.0 may ask to stay",
      request: "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", sent: "\r\n\r\n",
      answer: "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi",
      received: "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: keep-alive\r\n\r\nhi", staysOpen: true),
    Case(
      testDescription: "a client may ask to close",
      request: "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", sent: "\r\n\r\n",
      answer: "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi",
      received: "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nhi", staysOpen: false),
    Case(
      testDescription: "an interim response of the endpoint passes before the response",
      request: "GET / HTTP/1.1\r\nHost: x\r\n\r\n", sent: "\r\n\r\n",
      answer: "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi",
      received: "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi", staysOpen: true),
    Case(
      testDescription: "an upgrade is not taken up, and the connection stays",
      request: "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
        + "HTTP2-Settings: AAMAAABk\r\n\r\n",
      sent: "\r\n\r\n", answer: "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi",
      received: "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi", staysOpen: true),
  ]

  @Test(arguments: cases) func passes(_ message: Case) throws {
    let rig = try PipelineTests.Rig()
    try rig.send(message.request)
    let sent = try rig.received(try #require(rig.upstreams.first))
    #expect(sent.hasSuffix(message.sent))
    #expect(!sent.lowercased().contains("upgrade") && !sent.lowercased().contains("settings"))
    try rig.answer(message.answer)
    #expect(try rig.received(rig.client) == message.received)
    #expect(rig.client.isActive == message.staysOpen)
    #expect(rig.states.inFlight == 0)
  }

  @Test func aClientThatWaitsIsToldToGoOn() throws {
    let rig = try PipelineTests.Rig()
    try rig.send(
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 16\r\n\r\n"
    )
    #expect(try rig.received(rig.client) == "HTTP/1.1 100 Continue\r\n\r\n")
    try rig.send(#"{"model":"chat"}"#)
    let sent = try rig.received(try #require(rig.upstreams.first))
    #expect(!sent.lowercased().contains("expect") && sent.hasSuffix("\r\n\r\n" + #"{"model":"chat"}"#))
    try rig.answer(PipelineTests.response)
    #expect(try rig.received(rig.client) == PipelineTests.response)
  }

  @Test func aResponseThatEndsWithTheConnectionIsChunkedForTheClient() throws {
    let rig = try PipelineTests.Rig()
    try rig.send(PipelineTests.request)
    try rig.answer("HTTP/1.1 200 OK\r\n\r\nhello")
    try rig.upstreams[0].close().wait()
    rig.loop.run()
    #expect(
      try rig.received(rig.client) == "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
    #expect(rig.client.isActive)
    #expect(rig.records.records.withLock { $0.first?.error } == nil)
  }

  @Test(arguments: [
    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd",
    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length : 4\r\n\r\nabcd",
    "GET / HTTP/1.1\r\nHost: x\r\nX: a\u{0}b\r\n\r\n",
  ])
  func messagesOfTwoMeaningsAreRefused(_ request: String) throws {
    let rig = try PipelineTests.Rig()
    try rig.send(request)
    #expect(try rig.received(rig.client).hasPrefix("HTTP/1.1 400 "))
    #expect(rig.upstreams.isEmpty)
    #expect(rig.records.records.withLock { $0.map(\.error?.kind) } == [.invalidHTTP])
  }

  @Test func aClientThatDoesNotReadStopsTheEndpoint() throws {
    let rig = try PipelineTests.Rig()
    try rig.send(PipelineTests.request)
    let reads = ReadCounter()
    try rig.upstreams[0].pipeline.syncOperations.addHandler(reads, position: .first)
    rig.client.isWritable = false
    rig.client.pipeline.fireChannelWritabilityChanged()
    rig.upstreams[0].pipeline.read()
    #expect(reads.count == 0)
    rig.client.isWritable = true
    rig.client.pipeline.fireChannelWritabilityChanged()
    #expect(reads.count == 1)
  }

  @Test func aPoisonousRequestDoesNotReachEveryEndpoint() throws {
    let rig = try PipelineTests.Rig(candidates: Array(repeating: ExchangeTests.first, count: 10))
    try rig.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    for index in 0..<3 {
      try rig.upstreams[index].close().wait()
      rig.loop.run()
    }
    #expect(rig.upstreams.count == 3)
    #expect(try rig.received(rig.client).hasPrefix("HTTP/1.1 502 "))
    #expect(rig.records.records.withLock { $0.map(\.error?.kind) } == [.noResponse])
  }

  private final class ReadCounter: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer

    var count = 0

    func read(context: ChannelHandlerContext) {
      count += 1
      context.read()
    }
  }
}
