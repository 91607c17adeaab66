import NIOCore
import Routing
import TestSupport
import Testing

@testable import DataPlane

/// Where the model of a request stands, and what becomes of the request when it is rewritten or cannot be read.
@Suite struct ExchangeModelTests {
  typealias Driver = ExchangeTests.Driver

  @Test func aModelOfThePathIsRewrittenThere() {
    let head = RequestHead(
      method: "POST", path: "/v2/models/chat/infer", fields: [("content-type", "application/json")])
    var actions = ExchangeActions()
    var exchange = ProxyExchange(
      head: head, framing: .length(13), need: .model, client: HeaderTests.client,
      requestID: RequestID(loop: 1, number: 1), maximumBodyBytes: 100)
    exchange.begin(into: &actions)
    exchange.requestBody(ByteBuffer(string: #"{"inputs":[]}"#), into: &actions)
    exchange.requestEnd(into: &actions)
    #expect(Array(actions) == [.decide(BodyFacts())])
    exchange.decided(ExchangeTests.plan(rewrite: "chat-v2"), into: &actions)
    exchange.upstreamConnected(reused: false, into: &actions)
    #expect(exchange.outgoingHead.pathText == "/v2/models/chat-v2/infer" && exchange.record.model == "chat")
    #expect(Array(actions).suffix(2) == [upstreamBody(#"{"inputs":[]}"#), .upstreamEnd])
  }

  @Test func aFormIsRoutedByItsFieldAndRewritten() {
    let head = "--B\r\nContent-Disposition: form-data; name="
    let file = "\(head)\"file\"; filename=\"a.wav\"\r\n\r\n\(String(repeating: "RIFF\r\n", count: 5000))\r\n"
    let text = "\(file)\(head)\"model\"\r\n\r\nchat\r\n--B--\r\n"
    var driver = Driver(text, headers: ["content-type": "multipart/form-data; boundary=B"])
    driver.send(file)
    #expect(driver.take() == [])
    driver.send(String(text.dropFirst(file.count)))
    let start = text.utf8.count - 13
    #expect(driver.take() == [.decide(BodyFacts(model: "chat", modelRange: start..<start + 4))])
    driver.exchange.decided(ExchangeTests.plan(rewrite: "chat-v2"), into: &driver.actions)
    driver.end()
    driver.connected()
    let actions = driver.take()
    let fields = driver.exchange.upstreamFields
    var sent = ByteBuffer()
    for case .upstreamBody(var piece) in actions { sent.writeBuffer(&piece) }
    #expect(String(buffer: sent) == "\(file)\(head)\"model\"\r\n\r\nchat-v2\r\n--B--\r\n")
    #expect(fields?.framing == .length(sent.readableBytes))
  }

  @Test func aFormThatCanBeReadInTwoWaysIsRefusedWhereverThatShows() {
    let head = "--B\r\nContent-Disposition: form-data; name="
    for (rest, kind) in [
      ("\(head)\"Model\"\r\n\r\n", GatewayError.Kind.duplicateModel), ("\(head)\"x\r\n\r\n", .invalidBody),
    ] {
      var driver = Driver("", headers: ["content-type": "multipart/form-data; boundary=B", "content-length": "9999"])
      driver.send("\(head)\"model\"\r\n\r\nchat\r\n--B")
      driver.exchange.decided(ExchangeTests.plan(), into: &driver.actions)
      driver.connected()
      _ = driver.take()
      driver.send(String(rest.dropFirst(3)))
      let actions = driver.take()
      #expect(actions.first == .releaseUpstream(reusable: false) && status(actions) == 400)
      #expect(driver.exchange.record.error?.kind == kind)
    }
  }

  private static func send(_ bytes: some Sequence<UInt8>, to driver: inout Driver) {
    driver.exchange.requestBody(ByteBuffer(bytes: bytes), into: &driver.actions)
  }

  @Test func aCompressedBodyIsRoutedByItsModelAndGoesOnAsItCame() {
    let coded = storedGzip(#"{"model":"chat","prompt":"hello"}"#)
    var driver = Driver("", headers: ["content-encoding": "gzip", "content-length": "\(coded.count)"])
    Self.send(coded, to: &driver)
    #expect(driver.take() == [.decide(BodyFacts(model: "chat", modelRange: 9..<15))])
    driver.exchange.decided(ExchangeTests.plan(), into: &driver.actions)
    driver.end()
    driver.connected()
    let actions = driver.take()
    let fields = driver.exchange.upstreamFields
    #expect(fields?.framing == .length(coded.count) && driver.exchange.outgoingHead.block.contains(.contentEncoding))
    #expect(actions.suffix(2) == [.upstreamBody(ByteBuffer(bytes: coded)), .upstreamEnd])
  }

  @Test func aCompressedBodyWhoseModelIsRewrittenIsSentDecoded() {
    let (first, second) = (#"{"model":"chat","prompt":"hel"#, #"lo"}"#)
    let coded = storedGzip(first) + storedGzip(second)
    for cut in [coded.count - 20, coded.count - storedGzip(second).count, coded.count] {
      var driver = Driver("", headers: ["content-encoding": "gzip", "content-length": "\(coded.count)"])
      Self.send(coded[..<cut], to: &driver)
      driver.exchange.decided(ExchangeTests.plan(rewrite: "chat-v2"), into: &driver.actions)
      if cut == coded.count { driver.end() }
      driver.connected(reused: true)
      #expect(driver.actions.contains { $0 == .upstreamHead })
      let fields = driver.exchange.upstreamFields
      Self.send(coded[cut...], to: &driver)
      driver.end()
      let actions = driver.take()
      let expected = #"{"model":"chat-v2","prompt":"hello"}"#
      var sent = ByteBuffer()
      for case .upstreamBody(var piece) in actions {
        #expect(piece.readableBytes > 0, "an empty piece would end a body in chunks")
        sent.writeBuffer(&piece)
      }
      #expect(String(buffer: sent) == expected && actions.last == .upstreamEnd)
      #expect(fields?.framing == (cut == coded.count ? .length(expected.utf8.count) : .chunked))
      #expect(!driver.exchange.outgoingHead.block.contains(.contentEncoding))
      // Sent again it goes whole.
      driver.exchange.upstreamFailed(GatewayError(.noResponse, "reset"), into: &driver.actions)
      driver.connected()
      var again = ByteBuffer()
      for case .upstreamBody(var piece) in driver.take() { again.writeBuffer(&piece) }
      #expect(String(buffer: again) == expected)
    }
  }

  @Test func whatCompressedBodiesHideIsRefusedWhenItShows() {
    let text = #"{"model":"chat","prompt":"a"#
    let large = deflatedRun(behind: text, matches: 10)
    for (coding, coded, head, kind) in [
      (
        "gzip", storedGzip(#"{"model":"chat","#) + storedGzip(#""model":"dear"}"#), 39, GatewayError.Kind.duplicateModel
      ),
      ("gzip", storedGzip(#"{"model":"chat","#) + Array("x more".utf8), 39, .invalidBody),
      ("deflate", large, text.utf8.count, .requestTooLarge),
    ] {
      var driver = Driver("", headers: ["content-encoding": coding, "transfer-encoding": "chunked"], maximum: 1500)
      Self.send(coded.prefix(head), to: &driver)
      driver.exchange.decided(ExchangeTests.plan(), into: &driver.actions)
      driver.connected()
      _ = driver.take()
      Self.send(coded.dropFirst(head), to: &driver)
      driver.end()
      let actions = driver.take()
      #expect(driver.exchange.record.error?.kind == kind && status(actions) == kind.treatment.status, "\(actions)")
    }
  }

  @Test func aSecondModelIsRefusedWhereverItComes() {
    let text = #"{"model":"cheap","prompt":"model","x":[{"model":1}],"mod\u0065l":"dear"}"#
    let cut = text.utf8.count - 12
    var atOnce = Driver(text)
    atOnce.send(text)
    #expect(status(atOnce.take()) == 400)
    #expect(atOnce.exchange.record.error?.kind == .duplicateModel)

    for hasResponse in [false, true] {
      var late = Driver(text)
      late.send(String(text.prefix(cut)))
      late.exchange.decided(ExchangeTests.plan(), into: &late.actions)
      late.connected()
      if hasResponse { late.respond(["content-length": "2"]) }
      _ = late.take()
      late.send(String(text.dropFirst(cut)))
      let actions = late.take()
      #expect(actions.first == .releaseUpstream(reusable: false))
      #expect(status(actions) == (hasResponse ? nil : 400))
      #expect(actions.last == .finish(hasResponse ? .truncated : .complete(ends: false)))
    }
  }
}
