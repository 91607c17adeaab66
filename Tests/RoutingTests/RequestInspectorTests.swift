import Routing
import TestSupport
import Testing

@Suite("Request inspector") struct RequestInspectorTests {
  private static func inspect(
    _ pieces: [[UInt8]], need: BodyNeed = .model, inspection: BodyInspection = .strict, ends: Bool = true
  ) -> RequestInspector {
    var inspector = RequestInspector(need: need, inspection: inspection)
    for piece in pieces { piece.withUnsafeBytes { inspector.take($0) } }
    if ends { inspector.finish() }
    return inspector
  }

  /// The state at the end of the body, the same wherever it is cut.
  private static func state(_ body: String, inspection: BodyInspection = .strict) -> RequestInspector.State {
    let body = Array(body.utf8)
    let whole = inspect([body], inspection: inspection)
    for cut in body.indices {
      let other = inspect([Array(body[..<cut]), Array(body[cut...])], inspection: inspection)
      #expect(other.state == whole.state && other.hasSecondModel == whole.hasSecondModel, "cut at \(cut)")
    }
    return whole.state
  }

  @Test(
    "finds the model and where it stands, or that there is none",
    arguments: [
      (#"{"model":"m"}"#, BodyFacts(model: "m", modelRange: 9..<12)), (#"{"a":1}"#, BodyFacts()), ("", BodyFacts()),
      (#"{"a":[1,{"model":"x"}], "model" : "m", "b":2}"#, BodyFacts(model: "m", modelRange: 34..<37)),
    ])
  func facts(body: String, facts: BodyFacts) {
    #expect(Self.state(body) == .known(facts))
    #expect(Self.state(body, inspection: .lenient) == .known(facts))
  }

  @Test("what the client calls JSON is held to it; what may be anything passes as it is")
  func faults() {
    #expect(
      Self.state(#"[1]"#)
        == .invalid(
          message: "The request body is not valid JSON at byte 0: the body is not a JSON object. Send one JSON object.")
    )
    #expect(
      Self.state(#"{"model":7}"#)
        == .invalid(
          message: "The value of \"model\" at byte 9 of the request body is not a string. "
            + "Write the model's name as a JSON string."))
    for body in ["[1]", #"{"model":7}"#, "a=b", #"{"model":"m"#] {
      #expect(Self.state(body, inspection: .lenient) == .known(BodyFacts()))
    }
  }

  @Test("what no rule asks of the body is not judged") func noNeed() {
    let arrays = Self.inspect([Array("[1".utf8)], need: .none, ends: false)
    #expect(arrays.state == .known(BodyFacts()))
    let twice = Self.inspect([Array(#"{"model":"a","model":"b"}"#.utf8)], need: .none)
    #expect(twice.state == .known(BodyFacts()) && !twice.hasSecondModel)
    #expect(RequestInspector(need: .model, inspection: .none).state == .known(BodyFacts()))
  }

  @Test("the model is known as soon as it is whole, and a second one is seen after it") func secondModel() {
    let (first, second) = (Array(#"{"model":"a","#.utf8), Array(#""x":1,"model":"b"}"#.utf8))
    let early = Self.inspect([first], ends: false)
    #expect(early.state == .known(BodyFacts(model: "a", modelRange: 9..<12)) && !early.hasSecondModel)
    #expect(Self.inspect([first, second], ends: false).hasSecondModel)
    #expect(Self.inspect([first + second], ends: false).hasSecondModel)
    #expect(Self.inspect([Array(#"{"mod"#.utf8)], ends: false).state == .needMore)
  }

  @Test(
    "every API that names its model in JSON is read alike",
    arguments: [
      #"{"model":"m","prompt":"Hello","max_tokens":4}"#,
      #"{"messages":[{"role":"user","content":"say \"model\""}],"model":"m","stream":true}"#,
      #"{"input":["a","b"],"model":"m","encoding_format":"float"}"#,
      #"{"model":"m","input":"Hi","previous_response_id":null}"#,
      #"{"query":"q","documents":["a","b"],"model":"m","top_n":1}"#,
      #"{"text_1":"a","text_2":["b"],"model":"m"}"#, #"{"prompt":"a","add_special_tokens":false,"model":"m"}"#,
      #"{"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}],"max_tokens":9,"model":"m","messages":[]}"#,
    ])
  func interfaces(body: String) {
    guard case .known(let facts) = Self.state(body) else { return #expect(Bool(false), "\(Self.state(body))") }
    #expect(facts.model == "m" && facts.modelRange.map { Array(body.utf8)[$0] } == Array(#""m""#.utf8)[...])
  }

  @Test("a model behind a prompt of a megabyte is found, and so is a second one") func farBehind() {
    let prompt = Array(#"{"prompt":"\#(String(repeating: #"long \n \"text\", "#, count: 60_000))","model":"m""#.utf8)
    let pieces = stride(from: 0, to: prompt.count, by: 16_384).map {
      Array(prompt[$0..<min($0 + 16_384, prompt.count)])
    }
    #expect(prompt.count > 1 << 20)
    let facts = BodyFacts(model: "m", modelRange: prompt.count - 3..<prompt.count)
    #expect(Self.inspect(pieces, ends: false).state == .known(facts))
    let far = Self.inspect([Array(#"{"model":"a","#.utf8), Array(prompt.dropFirst())])
    #expect(far.hasSecondModel)
  }

  @Test("a key in another letter case is no model, but a second one beside it") func otherCase() {
    #expect(Self.state(#"{"Model":"x"}"#) == .known(BodyFacts()))
    for body in [#"{"Model":"x","model":"m"}"#, #"{"model":"m","MODEL":"x"}"#, #"{"mod\u0045l":1,"model":"m"}"#] {
      #expect(Self.inspect([Array(body.utf8)]).hasSecondModel, "\(body)")
      #expect(Self.inspect(body.utf8.map { [$0] }).hasSecondModel, "\(body)")
    }
    #expect(!Self.inspect([Array(#"{"x":{"Model":"x"},"model":"m","y":[{"Model":1}]}"#.utf8)]).hasSecondModel)
  }

  @Test("a form is read by its boundary, and held to its form to its end") func forms() {
    let inspection = BodyInspection.form(boundary: Array("B".utf8))
    let head = "--B\r\nContent-Disposition: form-data; name="
    let facts = BodyFacts(model: "m", modelRange: 53..<54)
    #expect(Self.state("\(head)\"model\"\r\n\r\nm\r\n--B--", inspection: inspection) == .known(facts))
    #expect(Self.state("\(head)\"file\"\r\n\r\nm\r\n--B--", inspection: inspection) == .known(BodyFacts()))
    #expect(Self.state("", inspection: inspection) == .known(BodyFacts()))
    let broken = Self.state("\(head)\"model\"\r\n\r\nm\r\n\(head)\"model\r\n\r\n", inspection: inspection)
    guard case .invalid(let message) = broken else { return #expect(Bool(false), "\(broken)") }
    #expect(message.contains("not a valid form (multipart/form-data) at byte 105: the Content-Disposition"))
    let twice = Self.inspect(
      [Array("\(head)model\r\n\r\nm\r\n".utf8), Array("\(head)model\r\n\r\nm\r\n".utf8)], inspection: inspection)
    #expect(twice.hasSecondModel && !twice.isSound)
    #expect(twice.rewritten("a\"b") == Array("a\"b".utf8))
    #expect(RequestInspector(need: .model, inspection: .strict).rewritten("a") == Array("\"a\"".utf8))
    let refused = RequestInspector(need: .model, inspection: .invalid(message: "no"))
    #expect(refused.state == .invalid(message: "no") && !refused.isSound)
    #expect(RequestInspector(need: .none, inspection: .invalid(message: "no")).isSound)
  }

  @Test("a compressed body is looked through as it comes") func coded() {
    let text = #"{"prompt":"\#(String(repeating: "long ", count: 600))","model":"m","x":1}"#
    let start = text.utf8.count - 10
    let facts = BodyFacts(model: "m", modelRange: start..<start + 3)
    let coded = storedGzip(text)
    let inspection = BodyInspection.coded(.gzip, .strict)
    for cut in [1, 9, 500, coded.count - 12, coded.count - 1] {
      let pieces = [Array(coded[..<cut]), Array(coded[cut...])]
      #expect(Self.inspect(pieces, inspection: inspection).state == .known(facts), "\(cut)")
    }
    #expect(Self.inspect([coded], inspection: inspection).rewritten("a") == Array("\"a\"".utf8))
    #expect(Self.inspect([], inspection: inspection).state == .known(BodyFacts()))

    let twice = Self.inspect([storedGzip(#"{"model":"a","#), storedGzip(#""model":"b"}"#)], inspection: inspection)
    #expect(twice.hasSecondModel)
    for (body, part) in [
      (Array(text.utf8), "not valid gzip at byte 0: it does not begin"), (Array(coded.dropLast()), "too early"),
    ] {
      guard case .invalid(let message) = Self.inspect([body], inspection: .coded(.gzip, .lenient)).state else {
        Issue.record("it is valid")
        continue
      }
      #expect(message.contains(part), "\(message)")
    }
    #expect(Self.inspect([storedGzip("[]")], inspection: .coded(.gzip, .lenient)).state == .known(BodyFacts()))
    var bounded = RequestInspector(need: .model, inspection: inspection, maximumBytes: 3000)
    coded.withUnsafeBytes { bounded.take($0) }
    guard case .tooLarge(let message) = bounded.state else { return #expect(Bool(false), "\(bounded.state)") }
    #expect(message.contains("more than 3000 bytes"))
  }

  @Test("a form may be compressed, and what is needed of a body is counted behind the coding") func codedForms() {
    let form = "--B\r\nContent-Disposition: form-data; name=model\r\n\r\nm\r\n--B--"
    let inspection = BodyInspection.coded(.gzip, .form(boundary: Array("B".utf8)))
    let inspector = Self.inspect([storedGzip(form)], inspection: inspection)
    #expect(inspector.state == .known(BodyFacts(model: "m", modelRange: 51..<52)))
    #expect(inspector.rewritten("a") == [UInt8(ascii: "a")])
    let start = Array(storedGzip(#"{"model":"m","x":"\#(String(repeating: "y", count: 100))"}"#).prefix(60))
    let need = BodyNeed.prefix(maximumBytes: 50)
    #expect(Self.inspect([start], need: need, inspection: .coded(.gzip, .strict), ends: false).state == .needMore)
  }

  @Test("a need for a part of the body waits for that part, or for the end") func prefix() {
    let need = BodyNeed.prefix(maximumBytes: 20)
    let facts = BodyFacts(model: "a", modelRange: 9..<12)
    let start = Array(#"{"model":"a","#.utf8)
    #expect(Self.inspect([start], need: need, ends: false).state == .needMore)
    #expect(Self.inspect([start, Array(#""x":"yz"#.utf8)], need: need, ends: false).state == .known(facts))
    #expect(Self.inspect([start], need: need).state == .known(facts))
    #expect(Self.inspect([Array(#"{"x":"01234567890123456"#.utf8)], need: need, ends: false).state == .needMore)
  }
}
