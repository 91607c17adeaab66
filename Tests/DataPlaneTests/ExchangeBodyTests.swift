import NIOCore
import Routing
import TestSupport
import Testing

@testable import DataPlane

/// What becomes of a request's body: read, kept, sent again, refused, or not waited for.
@Suite struct ExchangeBodyTests {
  typealias Driver = ExchangeTests.Driver

  @Test func whatComesBehindAnEarlyAnswerIsNobodys() {
    var driver = Driver("", headers: ["content-length": "1000"])
    driver.send(#"{"model":"chat","#)
    driver.exchange.decided(.reject(GatewayError(.saturated, "busy")), into: &driver.actions)
    #expect(driver.take().last == .finish(.complete(ends: false)))
    driver.send("more")
    driver.end()
    #expect(driver.take() == [])
  }

  @Test func aClientIsNotAskedForABodyThatNobodyWants() {
    let body = "x"
    var driver = Driver(body, headers: ["expect": "100-continue", "content-encoding": "br"])
    driver.exchange.decided(
      .reject(GatewayError(.noRoute, "none")), into: &driver.actions)
    let actions = driver.take()
    #expect(!actions.contains(.sendContinue))
    #expect(status(actions) == 404)
  }

  @Test func aBodyIsAskedForWhenItsModelIsOfNoInterest() {
    var driver = Driver("x", headers: ["expect": "100-continue", "content-encoding": "br"])
    #expect(driver.take() == [.decide(BodyFacts())])
    driver.exchange.decided(ExchangeTests.plan(), into: &driver.actions)
    #expect(driver.take() == [.sendContinue, .dispatch(ExchangeTests.first.id, fresh: false)])
    driver.exchange.upstreamFailed(GatewayError(.connectFailed, "refused"), into: &driver.actions)
    #expect(!driver.take().contains(.sendContinue))
    driver.connected()
    driver.send("x")
    driver.end()
    #expect(driver.take().suffix(2) == [upstreamBody("x"), .upstreamEnd])
  }

  @Test func anAnswerDuringTheUploadEndsTheExchangeAndCutsTheEndpointOff() {
    var driver = Driver("", headers: ["content-length": "1000000"])
    driver.send(#"{"model":"chat","#)
    driver.exchange.decided(ExchangeTests.plan(), into: &driver.actions)
    driver.connected()
    _ = driver.take()
    driver.respond(["content-length": "2"])
    driver.send("more")
    #expect(driver.take().last == upstreamBody("more"))
    driver.exchange.responseBody(ByteBuffer(string: "{}"), into: &driver.actions)
    driver.exchange.responseEnd(into: &driver.actions)
    // The endpoint has not read the whole request: its connection cannot be used again.
    #expect(
      driver.take() == [
        .clientBody(ByteBuffer(string: "{}")), .releaseUpstream(reusable: false), .clientEnd,
        .finish(.complete(ends: false)),
      ])
  }

  @Test func aBodyInSmallPiecesIsKeptWholeAndDense() {
    var driver = Driver("", headers: ["transfer-encoding": "chunked"], method: "PUT")
    var text = #"{"model":"chat","prompt":""#
    driver.send(text)
    driver.exchange.decided(ExchangeTests.plan(), into: &driver.actions)
    text += driver.send(pieces: 5000)
    driver.connected()
    _ = driver.take()
    text += driver.send(pieces: 5000)
    #expect(driver.take().count == 5000)
    #expect(driver.exchange.body.pieces.count < 10)
    driver.exchange.upstreamFailed(GatewayError(.noResponse, "reset"), into: &driver.actions)
    text += driver.send(pieces: 5000)
    driver.connected()
    text += driver.send(pieces: 5000)
    var sent = ByteBuffer()
    for case .upstreamBody(var piece) in driver.take() { sent.writeBuffer(&piece) }
    #expect(String(buffer: sent) == text)
    #expect(driver.exchange.body.pieces.count < 10)
  }

  /// The memory of whole buffers that pieces keep, each counted once.
  private func memory(_ body: RequestBody) -> Int {
    var buffers: [ObjectIdentifier: Int] = [:]
    for piece in body.pieces {
      piece.withVeryUnsafeBytesWithStorageManagement {
        buffers[ObjectIdentifier($1.takeUnretainedValue())] = piece.storageCapacity
      }
    }
    return buffers.values.reduce(0, +)
  }

  @Test("what bodies keep is counted in memory, not in data", arguments: [1, 100, 984, 1100, 5000, 20_000, 60_000])
  func memoryIsCounted(_ count: Int) throws {
    var body = RequestBody(need: .none, inspection: .none)
    var data: [UInt8] = []
    for round in 0..<60 {
      // What a socket reads into, and parts of it that lie between the framing of chunks.
      var read = ByteBufferAllocator().buffer(capacity: 64 << 10)
      read.writeRepeatingByte(UInt8(round), count: 60_000)
      for _ in 0..<(round % 3) {
        guard let piece = read.readSlice(length: count) else { continue }
        body.append(piece)
        data += Array(piece.readableBytesView)
        #expect(body.heldBytes == memory(body))
      }
      if round == 30 { _ = body.takeAll() }
    }
    #expect(memory(body) <= 2 * RequestBody.sparsePiece * data.count + 8192)
    #expect(body.pieces.flatMap { Array($0.readableBytesView) } == data)
    body.release()
    #expect(body.heldBytes == 0)
  }

  @Test func aBodyThatCameWithItsHeadIsNotCopied() {
    var body = RequestBody(need: .none, inspection: .none)
    var read = ByteBufferAllocator().buffer(capacity: 2048)
    read.writeRepeatingByte(1, count: 1200)
    read.moveReaderIndex(forwardBy: 216)
    body.append(read)
    #expect(body.heldBytes == 2048)
    let kept = body.pieces[0].withVeryUnsafeBytesWithStorageManagement { $1.toOpaque() }
    #expect(kept == read.withVeryUnsafeBytesWithStorageManagement { $1.toOpaque() })
  }

  @Test(arguments: [
    (#"{"model":3}"#, "byte 9"), (#"{"model":"a" "b"}"#, ""), (#"{"prompt""#, "byte 9"), (#"[1]"#, "byte 0"),
    (#"{"a":x}"#, "byte 5"), ("", ""),
  ])
  func badBodiesAreNamed(_ text: String, _ part: String) {
    var driver = Driver(text)
    driver.send(text)
    driver.end()
    let actions = driver.take()
    if part.isEmpty {
      #expect(actions.contains { if case .decide = $0 { true } else { false } })
    } else {
      #expect(status(actions) == 400)
      #expect(
        driver.exchange.record.error?.message.contains(part) == true, "\(driver.exchange.record.error?.message ?? "")")
    }
  }

  @Test func whatNoRuleAsksAboutIsNotJudged() {
    let head = RequestHead(method: "POST", path: "/", fields: [("content-type", "application/json")])
    var actions = ExchangeActions()
    var exchange = ProxyExchange(
      head: head, framing: .chunked, need: .none, client: HeaderTests.client, requestID: RequestID(loop: 1, number: 1),
      maximumBodyBytes: 100)
    exchange.begin(into: &actions)
    exchange.requestBody(ByteBuffer(string: #"[{"model":1,"model":2}"#), into: &actions)
    exchange.requestEnd(into: &actions)
    #expect(Array(actions) == [.decide(BodyFacts())])
  }

  @Test func tooLargeIsRefusedAtOnceOrWhenItShows() {
    var declared = Driver("", headers: ["content-length": "2000"], maximum: 1000)
    #expect(status(declared.take()) == 413)
    var chunked = Driver("", headers: ["transfer-encoding": "chunked"], maximum: 10)
    chunked.send(#"{"prompt":""#)
    let actions = chunked.take()
    #expect(status(actions) == 413)
    #expect(actions.last == .finish(.complete(ends: true)))
  }

  @Test func aBodyThatIsTooLongToBeKeptIsSentOnce() {
    for count in [1 << 20, 1 << 20 + 1] {
      var driver = Driver(
        "", headers: ["content-length": "\(count)", "content-encoding": "br"], method: "PUT", maximum: 1 << 30)
      driver.exchange.decided(ExchangeTests.plan(), into: &driver.actions)
      driver.connected()
      driver.send(String(repeating: "x", count: count))
      driver.end()
      _ = driver.take()
      driver.exchange.upstreamFailed(GatewayError(.noResponse, "reset"), into: &driver.actions)
      #expect(status(driver.take()) == (count > 1 << 20 ? 502 : nil))
    }
  }

  @Test func continueIsSentOnlyWhenTheBodyIsWanted() {
    var wanted = Driver(#"{"model":"chat"}"#, headers: ["expect": "100-continue"])
    #expect(wanted.take() == [.sendContinue])
    var refused = Driver("", headers: ["expect": "100-continue", "content-length": "99999"], maximum: 10)
    #expect(!refused.take().contains(.sendContinue))
  }

  @Test func aSilentBodyTimesOut() {
    var driver = Driver(#"{"model":"chat"}"#)
    driver.send(#"{"mod"#)
    driver.exchange.bodyTimedOut(into: &driver.actions)
    let actions = driver.take()
    #expect(status(actions) == 408)
    #expect(actions.last == .finish(.complete(ends: true)))
  }
}
