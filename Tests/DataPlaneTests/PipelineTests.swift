import NIOCore
import NIOEmbedded
import Routing
import Synchronization
import TestSupport
import Testing

@testable import DataPlane

/// The client's pipeline on embedded channels: bytes in, bytes out, however they are cut.
@Suite struct PipelineTests {
  static let body = #"{"model":"chat","prompt":"héllo"}"#
  static let request =
    "POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    + "X-Gateway-Destination-Endpoint: 10.6.6.6:1\r\nContent-Length: \(body.utf8.count)\r\n\r\n" + body
  static let response = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"

  @Test func everySplitOfTheRequestGivesTheSameToTheEndpoint() throws {
    let bytes = Array(Self.request.utf8)
    for cut in 1..<bytes.count {
      let rig = try Rig(rewrite: "chat-v2")
      try rig.client.writeInbound(ByteBuffer(bytes: bytes[..<cut]))
      rig.loop.run()
      try rig.client.writeInbound(ByteBuffer(bytes: bytes[cut...]))
      rig.loop.run()
      #expect(rig.upstreams.count == 1)
      let sent = try rig.received(rig.upstreams[0])
      let rewritten = Self.body.replacing("chat", with: "chat-v2")
      #expect(sent.hasSuffix("\r\n\r\n" + rewritten), "cut at \(cut): \(sent)")
      #expect(sent.contains("content-length: \(rewritten.utf8.count)\r\n"), "cut at \(cut)")
      #expect(!sent.contains("10.6.6.6"), "cut at \(cut)")
      #expect(rig.states.inFlight == 1)
      try rig.answer(Self.response)
      #expect(try rig.received(rig.client) == Self.response, "cut at \(cut)")
      #expect(rig.states.inFlight == 0)
    }
  }

  @Test(arguments: [false, true]) func whatComesWhileAConnectionIsMadeIsSentOnceItStands(_ isChunked: Bool) throws {
    let rig = try Rig()
    rig.connecting = rig.loop.makePromise(of: Void.self)
    let rest = #"","prompt":"and more"}"#
    let (begin, end) = (#"{"model":"chat"#, rest)
    let framing = isChunked ? "Transfer-Encoding: chunked" : "Content-Length: \(begin.utf8.count + 1 + end.utf8.count)"
    let chunk = { (text: String) in isChunked ? String(text.utf8.count, radix: 16) + "\r\n\(text)\r\n" : text }
    try rig.send(
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\(framing)\r\n\r\n" + chunk(begin + "\""))
    // A socket is read several times in a row: the end comes though nobody asked for it.
    try rig.send(chunk(String(end.dropFirst())) + (isChunked ? "0\r\n\r\n" : ""))
    if !isChunked { try rig.send("!") }
    #expect(rig.states.inFlight == 0)
    rig.connecting?.succeed()
    rig.loop.run()
    let sent = try rig.received(try #require(rig.upstreams.first))
    #expect(sent.contains(#"{"model":"chat""#) && sent.contains("and more"), "\(sent)")
    #expect(rig.states.inFlight == 1)
  }

  @Test func theFirstTokenIsTimedApartFromTheHead() throws {
    let rig = try Rig()
    try rig.send(Self.request)
    rig.loop.advanceTime(by: .milliseconds(10))
    try rig.answer("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
    rig.loop.advanceTime(by: .milliseconds(200))
    try rig.answer("9\r\ndata: a\n\n\r\n")
    rig.loop.advanceTime(by: .milliseconds(50))
    try rig.answer("0\r\n\r\n")
    let record = try #require(rig.records.records.withLock { $0 }.first)
    #expect(record.firstBodyByteNanoseconds == 210_000_000)
    #expect(record.durationNanoseconds == 260_000_000)
    #expect(record.isStreamed)
  }

  @Test func everySplitOfTheResponseGivesTheSameToTheClient() throws {
    let chunked =
      "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
      + "9\r\ndata: a\n\n\r\n9\r\ndata: b\n\n\r\n0\r\n\r\n"
    let bytes = Array(chunked.utf8)
    for cut in 1..<bytes.count {
      let rig = try Rig()
      try rig.send(Self.request)
      try rig.upstreams[0].writeInbound(ByteBuffer(bytes: bytes[..<cut]))
      try rig.upstreams[0].writeInbound(ByteBuffer(bytes: bytes[cut...]))
      rig.loop.run()
      let received = try rig.received(rig.client)
      #expect(dechunked(received) == "data: a\n\ndata: b\n\n", "cut at \(cut)")
      #expect(received.hasSuffix("0\r\n\r\n"))
      #expect(rig.context.pool.idleCount(rig.states.state(of: ExchangeTests.first.id)) == 1)
    }
  }

  @Test func pipelinedRequestsAreServedInOrderOverOneUpstreamConnection() throws {
    let rig = try Rig()
    try rig.send(Self.request + Self.request)
    #expect(rig.upstreams.count == 1)
    try rig.answer(Self.response)
    try rig.answer(Self.response)
    #expect(try rig.received(rig.client) == Self.response + Self.response)
    #expect(rig.upstreams.count == 1)
    #expect(rig.records.records.withLock { $0.map(\.status) } == [200, 200])
    #expect(rig.records.started.withLock { $0 } == 2)
  }

  @Test func theNextCandidateTakesOverWhenTheFirstCloses() throws {
    let rig = try Rig()
    try rig.send("GET /v1/models HTTP/1.1\r\nHost: x\r\n\r\n")
    try rig.upstreams[0].close().wait()
    rig.loop.run()
    #expect(rig.upstreams.count == 2)
    #expect(rig.states.known(ExchangeTests.second.id)?.inFlight == 1)
    let states = [ExchangeTests.first, ExchangeTests.second].map { rig.states.state(of: $0.id) }
    #expect(states.map { $0.hasFailedLately(now: 0) } == [true, false])
    try rig.answer(Self.response, from: 1)
    #expect(try rig.received(rig.client) == Self.response)
    #expect(rig.states.inFlight == 0)
  }

  @Test func anAnswerThatHasBegunIsNotAskedForAgain() throws {
    let rig = try Rig()
    try rig.send("GET /v1/models HTTP/1.1\r\nHost: x\r\n\r\n")
    try rig.answer("HTTP/1.1 200 OK\r\ncont")
    try rig.upstreams[0].close().wait()
    rig.loop.run()
    #expect(rig.upstreams.count == 1)
    #expect(try rig.received(rig.client).hasPrefix("HTTP/1.1 502 "))
  }

  @Test func whatAModelServerMayHaveBegunIsNotSentToAnother() throws {
    let rig = try Rig()
    try rig.send(Self.request)
    try rig.upstreams[0].close().wait()
    rig.loop.run()
    #expect(rig.upstreams.count == 1)
    #expect(try rig.received(rig.client).hasPrefix("HTTP/1.1 502 "))
  }

  @Test(arguments: [
    ("GARBAGE\r\n\r\n", "HTTP/1.1 400 "), ("GET /v1/a HTTP/1.1\r\n\r\n", "HTTP/1.1 400 "),
    ("CONNECT /v1/a HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 501 "),
    ("GET /v1/a HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "x", count: 70_000))\r\n\r\n", "HTTP/1.1 431 "),
    ("POST /v1/a HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n", "HTTP/1.1 413 "),
    (
      "POST /v1/a HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{\"model\"!",
      "HTTP/1.1 400 "
    ),
    (
      request.replacing("chat", with: "unknown").replacing("\(body.utf8.count)", with: "\(body.utf8.count + 3)"),
      "HTTP/1.1 404 "
    ),
  ])
  func badRequestsGetAnErrorInOpenAIsShape(_ text: String, _ start: String) throws {
    let rig = try Rig()
    try rig.send(text)
    let received = try rig.received(rig.client)
    #expect(received.hasPrefix(start), "\(received)")
    #expect(received.contains(#"{"error":{"message":"#))
    #expect(rig.upstreams.isEmpty)
  }

  @Test(arguments: [
    ("POST / HTTP/1.1\r\nHo", 10, "HTTP/1.1 408 "),
    ("POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{", 30, "HTTP/1.1 408 "),
    ("", 10, ""),
  ])
  func slowClientsTimeOut(_ text: String, _ seconds: Int64, _ start: String) throws {
    let rig = try Rig()
    try rig.send(text)
    rig.loop.advanceTime(by: .seconds(seconds - 1))
    #expect(try rig.received(rig.client) == "")
    #expect(rig.client.isActive)
    rig.loop.advanceTime(by: .seconds(2))
    #expect(try rig.received(rig.client).hasPrefix(start))
    rig.loop.advanceTime(by: .seconds(3))
    #expect(!rig.client.isActive)
  }

  @Test func restingConnectionsEnd() throws {
    let rig = try Rig()
    try rig.send(Self.request)
    try rig.answer(Self.response)
    #expect(rig.context.pool.idleCount(rig.states.state(of: ExchangeTests.first.id)) == 1)
    rig.loop.advanceTime(by: .seconds(40))
    #expect(rig.context.pool.idleCount(rig.states.state(of: ExchangeTests.first.id)) == 0)
    #expect(rig.client.isActive)
    rig.loop.advanceTime(by: .seconds(40))
    #expect(!rig.client.isActive)
  }

  @Test func drainingClosesRestingConnectionsAndFinishesRunningOnes() throws {
    let resting = try Rig()
    let done = resting.context.drain()
    resting.loop.run()
    #expect(!resting.client.isActive)
    try done.wait()

    let running = try Rig()
    try running.send(Self.request)
    _ = running.context.drain()
    #expect(running.client.isActive)
    try running.answer(Self.response)
    #expect(try running.received(running.client).hasSuffix("connection: close\r\n\r\n{}"))
    #expect(!running.client.isActive)
  }
}

/// The body of a chunked response.
private func dechunked(_ message: String) -> String {
  var rest = message[...]
  guard let head = rest.firstRange(of: "\r\n\r\n") else { return "no head" }
  rest = rest[head.upperBound...]
  var body = ""
  while let line = rest.firstRange(of: "\r\n"), let count = Int(rest[..<line.lowerBound], radix: 16), count > 0 {
    let bytes = rest[line.upperBound...].utf8.prefix(count)
    body += String(decoding: bytes, as: UTF8.self)
    rest = rest[bytes.endIndex...].dropFirst()
  }
  return body
}
