import Routing
import TestSupport
import Testing

@testable import ExternalProcessing

/// What pickers that keep to the protocol say, each in its own way.
@Suite struct PickerStreamTests {
  @Test func aPickerThatStreamsSendsTheBodyBack() {
    let actions = play([
      .bodyShown, .reply(Replies.head()), .reply(Replies.streamed("one")), .reply(Replies.streamed("two", ends: true)),
    ])
    #expect(actions == [picked(body: ["one", "two"])])
  }

  @Test func aPickerThatAnswersEachPieceBeforeTheHeadLeavesTheBodyAsItIs() {
    // As the reference picker does: it says nothing of the body's pieces, and answers the head with the last of them.
    let actions = play([
      .reply(Replies.silence), .reply(Replies.silence), .bodyShown, .reply(Replies.head()), .reply(Replies.silence),
    ])
    #expect(actions == [picked()])
  }

  @Test func silenceAboutPiecesThatCameBeforeTheEndOfTheBodyIsNotTheEnd() {
    #expect(play([.reply(Replies.head()), .reply(Replies.silence)]) == [])
    #expect(play([.reply(Replies.head()), .reply(Replies.silence), .bodyShown, .reply(Replies.silence)]) == [picked()])
  }

  @Test func aRequestWithoutABodyIsPickedForByItsHead() {
    #expect(play([.reply(Replies.head())], hasBody: false) == [picked()])
  }

  @Test func aPickerThatClosesBehindTheHeadWantsNothingOfTheBody() {
    #expect(play([.reply(Replies.head()), .cleanEnd]) == [picked(), .say(.ended)])
  }

  @Test func aBodyMayBeReplacedWithTheHead() {
    #expect(play([.reply(Replies.replacing("other"))]) == [picked(body: ["other"])])
    #expect(play([.reply(Replies.replacing(""))]) == [picked(body: [])])
  }

  @Test func anEmptyBodyCanBeStreamed() {
    #expect(play([.bodyShown, .reply(Replies.head()), .reply(Replies.streamed("", ends: true))]) == [picked(body: [])])
  }

  @Test func severalEndpointsKeepTheirOrder() {
    let list = ["10.0.0.2:8000", "[fd00::1]:8001", "10.0.0.1:8000"]
    #expect(
      PickedEndpoints.parse(list.joined(separator: " , ")) == [
        EndpointID(address: "10.0.0.2", port: 8000), EndpointID(address: "fd00::1", port: 8001),
        EndpointID(address: "10.0.0.1", port: 8000),
      ])
  }

  @Test func metadataAloneNamesEndpoints() {
    let actions = play([.reply(Replies.head(nil, metadata: "10.0.0.3:8000"))], hasBody: false)
    #expect(actions == [.say(.picked(PickedRequest(endpoints: [EndpointID(address: "10.0.0.3", port: 8000)])))])
  }

  @Test func whereHeaderAndMetadataDifferTheHeaderCounts() {
    #expect(play([.reply(Replies.head(metadata: "10.0.0.3:8000"))], hasBody: false) == [picked()])
  }

  @Test func whatIsNoEndpointIsLeftOutOfAList() {
    let text = "10.0.0.1, 10.0.0.1:0, :8000, 10.0.0.1:x, 10.0.0.4:8000,"
    #expect(PickedEndpoints.parse(text) == [EndpointID(address: "10.0.0.4", port: 8000)])
  }

  @Test func headersAreChangedInTheWaysThatEnvoyHas() {
    let set = [
      Replies.option("X-Set", "1"), Replies.option("x-more", "2") { $0.append.value = true },
      Replies.option("x-absent", "3") { $0.appendAction = .addIfAbsent },
      Replies.option("x-there", "4") { $0.appendAction = .overwriteIfExists },
      Replies.option("x-over", "5") { $0.appendAction = .overwriteIfExistsOrAdd },
      Replies.option("x-text", "") { $0.header.value = "6" }, Replies.option(":path", "/v2?x=1"),
    ]
    let steps: [HeadMutation.Step] = [
      .set("x-set", "1"), .append("x-more", "2"), .addIfAbsent("x-absent", "3"), .overwrite("x-there", "4"),
      .set("x-over", "5"), .set("x-text", "6"), .path("/v2?x=1"),
    ]
    #expect(play([.reply(Replies.head(set: set))], hasBody: false) == [picked(head: steps)])
  }

  @Test(arguments: [
    ":method", ":authority", ":scheme", "host", "content-length", "transfer-encoding", "connection", "te", "upgrade",
    "expect", "x-envoy-original-dst-host", "x-gateway-model-name",
  ])
  func whatIsNotThePickersToSayIsLeftOut(name: String) {
    let reply = Replies.head(set: [Replies.option(name, "x")], remove: [name])
    #expect(play([.reply(reply)], hasBody: false) == [picked()])
  }

  @Test func theResponsesHeadIsShownAndChanged() {
    let actions = play(
      [
        .reply(Replies.head()), .responseShown,
        .reply(
          Replies.response([Replies.option("x-served", "a"), Replies.option(":status", "500")], remove: ["Server"])),
        .cleanEnd,
      ], hasBody: false)
    let change = PickEvent.response(HeadMutation([.remove("server"), .set("x-served", "a")]))
    #expect(actions == [picked(), .say(change), .say(.ended)])
  }

  @Test func aPickerThatIsGoneIsNotShownTheResponse() {
    #expect(
      play([.reply(Replies.head()), .cleanEnd, .responseShown], hasBody: false)
        == [picked(), .say(.ended), .say(.ended)])
  }

  @Test func aPickersOwnAnswerHasItsStatusBodyAndHeaders() {
    let reply = Replies.immediate(429, "shed", set: [Replies.option("x-reason", "saturated")])
    let answer = LocalResponse(
      status: 429,
      fields: [HeaderChange.Field("content-type", "text/plain"), HeaderChange.Field("x-reason", "saturated")],
      body: Array("shed".utf8))
    #expect(play([.reply(reply)]) == [.say(.answered(answer)), .reset])
    #expect(play([.reply(Replies.head()), .reply(reply)], hasBody: false).last == .reset)
  }

  /// Requests for more time, and for other modes, are not granted; nor do they do any harm.
  @Test func wishesThatAreNotGrantedAreHeard() {
    var wish = Replies.head()
    wish.modeOverride = Envoy_Service_ExtProc_V3_ProcessingMode()
    #expect(play([.reply(Replies.Reply()), .reply(wish)], hasBody: false) == [picked()])
  }

  /// Whatever a picker sends in whatever order: it picks at most once, and nothing follows a failure or an end.
  @Test(arguments: 0..<200) func anyOrderOfMessagesHasOneOutcome(seed: Int) {
    var generator = SeededGenerator(UInt64(seed))
    let all: [Turn] = [
      .bodyShown, .responseShown, .reply(Replies.head()), .reply(Replies.head(nil)), .reply(Replies.silence),
      .reply(Replies.streamed("x")), .reply(Replies.streamed("y", ends: true)), .reply(Replies.replacing("z")),
      .reply(Replies.response()), .reply(Replies.immediate(503)), .reply(Replies.Reply()), .cleanEnd,
      .closed(.status(14, "")), .closed(.lost("gone")), .malformed("bad"),
    ]
    for _ in 0..<50 {
      let turns = (0..<12).compactMap { _ in all.randomElement(using: &generator) }
      let events = play(turns, hasBody: Bool.random(using: &generator)).compactMap { action -> PickEvent? in
        guard case .say(let event) = action else { return nil }
        return event
      }
      let picks = events.count { if case .picked = $0 { true } else { false } }
      let ends = events.firstIndex { event in
        switch event {
        case .failed, .answered, .ended: true
        default: false
        }
      }
      #expect(picks <= 1, "\(turns)")
      // A response that is shown to nobody ends once more.
      if let ends { #expect(events[ends...].dropFirst().allSatisfy { $0 == .ended }, "\(turns)") }
    }
  }
}
