import NIOCore
import NIOEmbedded
import Routing
import Synchronization
import Testing

@testable import DataPlane

/// How long the gateway waits for clients that do not read, or hardly write.
@Suite struct PatienceTests {
  typealias Rig = PipelineTests.Rig

  static let stream = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"

  /// Holds back what is written, like a socket whose peer does not read.
  final class Dam: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var held: [(data: NIOAny, promise: EventLoopPromise<Void>?)] = []
    private var context: ChannelHandlerContext?

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
      self.context = nil
      for write in held { write.promise?.fail(ChannelError.ioOnClosedChannel) }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
      held.append((data, promise))
    }

    func flush(context: ChannelHandlerContext) {}

    /// Leaves so many bytes unsent, as a socket does that took a part of what it was given.
    func leave(unsent count: Int) {
      context?.flush()
      context?.write(NIOAny(ByteBuffer(repeating: 0, count: count)), promise: nil)
    }

    func open() {
      for write in held { context?.write(write.data, promise: write.promise) }
      held.removeAll()
      context?.flush()
    }
  }

  private func dam(_ rig: Rig) throws -> Dam { try Self.dam(rig.client) }

  static func dam(_ channel: EmbeddedChannel) throws -> Dam {
    let dam = Dam()
    try channel.pipeline.syncOperations.addHandler(dam, position: .first)
    return dam
  }

  @Test func aClientThatStopsReadingIsGivenUp() throws {
    let rig = try Rig()
    try rig.send(PipelineTests.request)
    try rig.answer(Self.stream)
    rig.client.isWritable = false
    rig.client.pipeline.fireChannelWritabilityChanged()
    rig.loop.advanceTime(by: .seconds(59))
    #expect(rig.client.isActive)
    rig.loop.advanceTime(by: .seconds(2))
    #expect(!rig.client.isActive && !rig.upstreams[0].isActive)
    #expect(rig.states.inFlight == 0)
    #expect(rig.records.records.withLock { $0.map(\.error?.kind) } == [.clientStalled])
  }

  @Test func aClientThatReadsAgainIsNot() throws {
    let rig = try Rig()
    try rig.send(PipelineTests.request)
    try rig.answer(Self.stream)
    for _ in 0..<3 {
      rig.client.isWritable = false
      rig.client.pipeline.fireChannelWritabilityChanged()
      rig.loop.advanceTime(by: .seconds(50))
      rig.client.isWritable = true
      rig.client.pipeline.fireChannelWritabilityChanged()
      rig.loop.advanceTime(by: .seconds(50))
    }
    #expect(rig.client.isActive)
  }

  @Test func anyByteTakenIsProgress() {
    var watch = StallWatch(unsent: 100)
    for unsent in [100, 100, 100, 99, 99, 99, 99] {
      let hasStalled = watch.look(unsent: unsent)
      #expect(!hasStalled)
    }
    let hasStalled = watch.look(unsent: 99)
    #expect(hasStalled)
  }

  @Test func theLastResponseIsNotWaitedForWithoutEnd() throws {
    let rig = try Rig()
    _ = try dam(rig)
    try rig.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    try rig.answer("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
    rig.loop.advanceTime(by: .seconds(29))
    #expect(rig.client.isActive)
    rig.loop.advanceTime(by: .seconds(2))
    #expect(!rig.client.isActive)
  }

  @Test func aClientThatTakesTheLastResponseSlowlyGetsItAll() throws {
    let rig = try Rig()
    let dam = try dam(rig)
    dam.leave(unsent: 4000)
    try rig.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    try rig.answer("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
    for unsent in [3000, 2000, 1000] {
      rig.loop.advanceTime(by: .seconds(20))
      dam.leave(unsent: unsent)
      rig.loop.advanceTime(by: .seconds(10))
      #expect(rig.client.isActive, "\(unsent)")
    }
    rig.loop.advanceTime(by: .seconds(30))
    #expect(!rig.client.isActive)
  }

  @Test(
    arguments: [
      (PipelineTests.request, 75), (KeepAliveTests.post(KeepAliveTests.unknown, length: 1000), 30),
    ] as [(String, Int64)])
  func theWaitForWhatFollowsDoesNotCutAResponseThatIsBeingTaken(_ request: String, _ seconds: Int64) throws {
    let rig = try Rig()
    let dam = try dam(rig)
    dam.leave(unsent: 4000)
    try rig.send(request)
    if !rig.upstreams.isEmpty { try rig.answer(PipelineTests.response) }
    rig.loop.advanceTime(by: .seconds(seconds - 1))
    dam.leave(unsent: 1000)
    rig.loop.advanceTime(by: .seconds(seconds))
    #expect(rig.client.isActive)
    rig.loop.advanceTime(by: .seconds(1))
    #expect(!rig.client.isActive)
  }

  @Test(
    arguments: [PipelineTests.request, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", KeepAliveTests.chunked],
    ["GET / HT", "GET / HTTP/1.1\r\nHost: x\r\n", "\r\nG", "\r\n", ""])
  func aHeadThatBeginsBehindARequestMustComeWholeSoon(_ request: String, _ next: String) throws {
    let rig = try Rig()
    try rig.send(request + next)
    try rig.answer(PipelineTests.response)
    #expect(try rig.received(rig.client) == PipelineTests.response)
    rig.loop.advanceTime(by: .seconds(9))
    #expect(rig.client.isActive)
    rig.loop.advanceTime(by: .seconds(2))
    #expect(try rig.received(rig.client).hasPrefix("HTTP/1.1 408 ") == next.contains("G"))
  }

  @Test func lineEndsBetweenRequestsAreNoHead() throws {
    let rig = try Rig()
    try rig.send(PipelineTests.request)
    try rig.answer(PipelineTests.response)
    try rig.send("\r\n")
    rig.loop.advanceTime(by: .seconds(60))
    #expect(try rig.received(rig.client) == PipelineTests.response)
    #expect(rig.client.isActive)
    try rig.send("GE")
    rig.loop.advanceTime(by: .seconds(11))
    #expect(try rig.received(rig.client).hasPrefix("HTTP/1.1 408 "))
  }

  @Test func drainingDoesNotCutWhatIsStillToBeSent() throws {
    let rig = try Rig()
    let dam = try dam(rig)
    try rig.send(PipelineTests.request)
    try rig.answer(PipelineTests.response)
    #expect(rig.states.inFlight == 0)
    _ = rig.context.drain()
    rig.loop.run()
    #expect(rig.client.isActive)
    dam.open()
    rig.loop.run()
    #expect(try rig.received(rig.client) == PipelineTests.response)
    #expect(!rig.client.isActive)
  }

  @Test func theDrainDeadlineEndsThatToo() throws {
    let rig = try Rig()
    _ = try dam(rig)
    try rig.send(PipelineTests.request)
    try rig.answer(PipelineTests.response)
    let done = rig.context.drain()
    rig.loop.run()
    #expect(rig.client.isActive)
    rig.context.closeAll()
    #expect(!rig.client.isActive)
    try done.wait()
  }

  @Test func aBodyOfAByteNowAndThenIsTooSlow() throws {
    let rig = try Rig()
    try rig.send(KeepAliveTests.post(#"{"model":"chat","#, length: 1_000_000))
    #expect(rig.upstreams.count == 1 && rig.states.inFlight == 0)
    rig.loop.advanceTime(by: .seconds(20))
    try rig.send("x")
    rig.loop.advanceTime(by: .seconds(11))
    #expect(try rig.received(rig.client).hasPrefix("HTTP/1.1 408 "))
    #expect(rig.states.inFlight == 0)
  }

  @Test func aBodyThatComesSlowlyButSteadilyIsTaken() throws {
    let rig = try Rig()
    try rig.send(KeepAliveTests.post(#"{"model":"chat","#, length: 1_000_000))
    for _ in 0..<10 {
      rig.loop.advanceTime(by: .seconds(20))
      try rig.send(String(repeating: " ", count: 20_000))
    }
    #expect(try rig.received(rig.client) == "")
    #expect(rig.upstreams[0].isActive)
  }

  @Test func bodiesThatWouldTakeMoreMemoryThanAllowedAreToldToComeBack() throws {
    var configuration = ProxyConfiguration()
    configuration.eventLoops = 1
    configuration.maximumHeldBytes = 150_000
    let rig = try Rig(configuration: configuration)
    try rig.send(KeepAliveTests.post(#"{"prompt":""# + String(repeating: "x", count: 90_000), length: 1_000_000))
    #expect(try rig.received(rig.client) == "" && rig.context.heldBytes > 90_000)
    try rig.send(String(repeating: "x", count: 20_000))
    #expect(try rig.received(rig.client).hasPrefix("HTTP/1.1 503 "))
    #expect(rig.context.heldBytes == 0)
    #expect(rig.records.records.withLock { $0.map(\.error?.kind) } == [.overloaded])
  }

  @Test func aRequestThatHasItsTurnOnlyLaterIsNotCalledSlow() throws {
    let rig = try Rig()
    let dam = try dam(rig)
    try rig.send(PipelineTests.request + PipelineTests.request)
    dam.leave(unsent: 90_000)
    rig.client.isWritable = false
    rig.client.pipeline.fireChannelWritabilityChanged()
    try rig.answer(PipelineTests.response)
    rig.loop.advanceTime(by: .seconds(60))
    #expect(rig.client.isActive && rig.records.records.withLock { $0.map(\.status) } == [200])
    rig.client.isWritable = true
    rig.client.pipeline.fireChannelWritabilityChanged()
    rig.loop.run()
    // The connection of the first has rested too long by now.
    try rig.answer(PipelineTests.response, from: 1)
    #expect(rig.records.records.withLock { $0.map(\.status) } == [200, 200])
  }

  @Test func answersDoNotPileUpForAClientThatDoesNotTakeThem() throws {
    let rig = try Rig()
    let refused = KeepAliveTests.post(KeepAliveTests.unknown)
    rig.client.isWritable = false
    rig.client.pipeline.fireChannelWritabilityChanged()
    try rig.send(refused + refused + refused)
    #expect(rig.records.started.withLock { $0 } == 0)
    rig.client.isWritable = true
    rig.client.pipeline.fireChannelWritabilityChanged()
    rig.loop.run()
    #expect(rig.records.records.withLock { $0.map(\.status) } == [404, 404, 404])
  }
}
