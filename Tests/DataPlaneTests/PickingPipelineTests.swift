import NIOCore
import NIOEmbedded
import Routing
import Synchronization
import TestSupport
import Testing

@testable import DataPlane

/// A picker that tests write.
final class ScriptedPicker: PickSession {
  var room = Int.max
  var heldBytes = 0
  private(set) var log: [String] = []
  private(set) var head: RequestHead?
  var onEvent: (PickEvent) -> Void = { _ in }

  func begin(_ head: RequestHead, hasBody: Bool) {
    self.head = head
    log.append("begin \(head.methodText) \(head.pathText)\(hasBody ? "" : ", no body")")
  }

  func body(_ bytes: UnsafeRawBufferPointer) {
    room -= bytes.count
    log.append("body " + String(decoding: bytes, as: UTF8.self))
  }

  func end() { log.append("end") }

  func response(_ head: ResponseHead, from endpoint: EndpointID, hasBody: Bool) {
    log.append("response \(head.status) of \(endpoint)\(hasBody ? "" : ", no body")")
  }

  func responseBody(_ bytes: UnsafeRawBufferPointer) {
    log.append("response body " + String(decoding: bytes, as: UTF8.self))
  }

  func responseEnd() { log.append("response end") }

  func finish(_ ending: PickEnding) { log.append("finish \(ending)") }
}

/// Requests, their picker, their endpoints and their clients, together and on one embedded loop.
@Suite struct PickingPipelineTests {
  private final class Table {
    let rig: PipelineTests.Rig
    let picker = ScriptedPicker()

    init(mode: ExternalPicker.FailureMode = .close, configuration: ProxyConfiguration = ProxyConfiguration()) throws {
      var named = ExchangePickingTests.picker
      named.failureMode = mode
      let picker = picker
      rig = try PipelineTests.Rig(
        configuration: configuration,
        decide: { [named] _ in ExchangeTests.plan(picker: .external(named)) },
        pickers: { [named] asked, onEvent in
          #expect(asked == named)
          picker.onEvent = onEvent
          return picker
        })
    }

    func say(_ event: PickEvent) {
      picker.onEvent(event)
      rig.loop.run()
    }
  }

  private static let picked = PickEvent.picked(
    PickedRequest(endpoints: [ExchangeTests.second.id], head: HeadMutation([.set("x-by", "epp")])))

  @Test func aRequestIsShownPickedForAndItsResponseShown() throws {
    let table = try Table()
    try table.rig.send(PipelineTests.request)
    #expect(table.picker.log == ["begin POST /v1/completions", "body " + PipelineTests.body, "end"])
    #expect(table.picker.head?.block.text("x-gateway-model-name") == "chat")
    #expect(table.picker.head?.block.text("x-request-id")?.count == 36)
    #expect(table.rig.upstreams.isEmpty)
    table.say(Self.picked)
    #expect(try table.rig.received(table.rig.upstreams[0]).contains("\r\nx-by: epp\r\n"))
    try table.rig.answer(PipelineTests.response)
    #expect(table.picker.log.last == "response 200 of 10.0.0.2:8000")
    #expect(try table.rig.received(table.rig.client) == "")
    table.say(.response(HeadMutation([.set("x-served", "b")])))
    let answer = try table.rig.received(table.rig.client)
    #expect(answer.contains("\r\nx-served: b\r\n") && answer.hasSuffix("\r\n\r\n{}"))
    #expect(table.picker.log.last == "finish done")
    let record = try #require(table.rig.records.records.withLock { $0.first })
    #expect(record.pickerNanoseconds != nil && record.pickerFailure == nil && record.error == nil)
    #expect(table.rig.states.inFlight == 0)
  }

  @Test func theBodyIsShownAsThePickerTakesIt() throws {
    let table = try Table()
    table.picker.room = 10
    try table.rig.send(PipelineTests.request)
    let bytes = Array(PipelineTests.body.utf8)
    #expect(table.picker.log.last == "body " + String(decoding: bytes[..<10], as: UTF8.self))
    table.picker.room = 1000
    table.say(.hasRoom)
    #expect(table.picker.log.suffix(2) == ["body " + String(decoding: bytes[10...], as: UTF8.self), "end"])
  }

  @Test func whatThePickersSessionKeepsCountsAsHeld() throws {
    var configuration = ProxyConfiguration()
    configuration.eventLoops = 1
    configuration.maximumHeldBytes = 150_000
    let table = try Table(configuration: configuration)
    try table.rig.send(PipelineTests.request)
    table.picker.heldBytes = 100_000
    table.say(.hasRoom)
    #expect(try table.rig.received(table.rig.client) == "" && table.rig.context.heldBytes > 100_000)
    table.picker.heldBytes = 150_001
    table.say(.hasRoom)
    #expect(try table.rig.received(table.rig.client).hasPrefix("HTTP/1.1 503 "))
    #expect(table.rig.context.heldBytes == 0 && table.picker.log.last == "finish done")
    #expect(table.rig.records.records.withLock { $0.map(\.error?.kind) } == [.overloaded])
  }

  @Test func aResponseIsTheClientsWhereThereIsNoMemoryForItsPicker() throws {
    var configuration = ProxyConfiguration()
    configuration.eventLoops = 1
    configuration.maximumHeldBytes = 150_000
    let table = try Table(configuration: configuration)
    try table.rig.send(PipelineTests.request)
    table.say(Self.picked)
    try table.rig.answer("HTTP/1.1 200 OK\r\ncontent-length: 15\r\n\r\nfirst")
    table.say(.response(HeadMutation()))
    table.picker.heldBytes = 150_001
    try table.rig.answer("other")
    #expect(table.picker.log.suffix(3) == ["response body first", "response body other", "finish done"])
    #expect(table.rig.context.heldBytes == 0)
    try table.rig.answer("third")
    #expect(try table.rig.received(table.rig.client).hasSuffix("\r\n\r\nfirstotherthird"))
    let record = try #require(table.rig.records.records.withLock { $0.first })
    #expect(record.pickerFailure == .pickerFailed && record.error == nil)
  }

  /// Chunks are decoded when they come, and must be written anew: they came before it was known what becomes of the head.
  @Test func whatComesWhileTheResponseWaitsFollowsItWhole() throws {
    let table = try Table()
    try table.rig.send(PipelineTests.request)
    table.say(Self.picked)
    try table.rig.answer(
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n")
    #expect(try table.rig.received(table.rig.client) == "")
    table.say(.response(HeadMutation()))
    let answer = try table.rig.received(table.rig.client)
    #expect(answer.hasSuffix("3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n"), "\(answer)")
    #expect(table.picker.log.suffix(4) == ["response body one", "response body two", "response end", "finish done"])
    #expect(table.rig.records.records.withLock { $0.map(\.status) } == [200])
  }

  /// Each part asks for what follows: as many as fit into a read must not be as many frames of the stack.
  @Test func aGreatManyPartsThatWaitFollowToo() throws {
    let table = try Table()
    try table.rig.send(PipelineTests.request)
    table.say(Self.picked)
    let chunks = String(repeating: "1\r\nx\r\n", count: 40_000)
    try table.rig.answer("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\(chunks)0\r\n\r\n")
    table.say(.response(HeadMutation()))
    #expect(try table.rig.received(table.rig.client).hasSuffix(chunks + "0\r\n\r\n"))
    #expect(table.rig.records.records.withLock { $0.map(\.status) } == [200])
  }

  @Test func anEndpointThatIsLostWhileItsResponseWaitsIsLostBehindWhatItSent() throws {
    let table = try Table()
    try table.rig.send(PipelineTests.request)
    table.say(Self.picked)
    try table.rig.answer("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf")
    table.rig.upstreams[0].pipeline.fireErrorCaught(Failure("reset"))
    table.rig.loop.run()
    #expect(try table.rig.received(table.rig.client) == "")
    table.say(.response(HeadMutation()))
    #expect(try table.rig.received(table.rig.client).hasSuffix("half"))
    #expect(table.picker.log.suffix(2) == ["response body half", "finish done"], "nobody says that it was whole")
    #expect(table.rig.records.records.withLock { $0.first?.error?.kind } == .endpointLost)
  }

  @Test func aPickerThatSaysNothingIsWaitedForAsLongAsItMay() throws {
    let table = try Table()
    try table.rig.send(PipelineTests.request)
    table.rig.loop.advanceTime(by: .milliseconds(4900))
    #expect(try table.rig.received(table.rig.client) == "")
    table.rig.loop.advanceTime(by: .milliseconds(200))
    #expect(try table.rig.received(table.rig.client).hasPrefix("HTTP/1.1 503 "))
    #expect(table.picker.log.last == "finish timedOut")
    // What it says now concerns nobody.
    table.say(Self.picked)
    #expect(table.rig.upstreams.isEmpty)
  }

  @Test func withFailOpenTheGatewayPicks() throws {
    let table = try Table(mode: .open)
    try table.rig.send(PipelineTests.request)
    table.say(.failed("it closed the stream without an answer"))
    #expect(table.rig.upstreams.count == 1)
    try table.rig.answer(PipelineTests.response)
    #expect(try table.rig.received(table.rig.client) == PipelineTests.response)
    #expect(table.rig.records.records.withLock { $0.first?.pickerFailure } == .pickerFailed)
  }

  @Test func aClientThatLeavesLeavesThePicker() throws {
    let table = try Table()
    try table.rig.send(PipelineTests.request)
    table.rig.client.pipeline.fireChannelInactive()
    table.rig.loop.run()
    #expect(table.picker.log.last == "finish done")
  }

  @Test func aPoolsPickerThatNobodyCanAskFails() throws {
    let rig = try PipelineTests.Rig { _ in ExchangeTests.plan(picker: .external(ExchangePickingTests.picker)) }
    try rig.send(PipelineTests.request)
    #expect(try rig.received(rig.client).contains("this gateway asks no pickers"))
  }
}
