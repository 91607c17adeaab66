import JSONText
import TestSupport
import Testing

@testable import ModelServer

private func parse(_ text: String) throws -> JSONValue { try JSONReader.parse(text) }

/// The JSON of each `data:` line; `[DONE]` must be the last.
private func events(_ body: String) -> [String] {
  let lines = body.split(separator: "\n\n").map { String($0.dropFirst("data: ".count)) }
  #expect(lines.last == "[DONE]")
  return lines.dropLast()
}

private func text(_ json: JSONValue?) -> String? { json?.stringValue }

private func first(_ json: JSONValue?) -> JSONValue? { json?[0] }

@Suite("Completions and chats over HTTP")
struct CompletionTests {
  private static let guide =
    #"{"model":"chatbot","prompt":"What is the color of the sky","max_tokens":8,"temperature":0,"ignore_eos":true}"#
  private static let chat =
    #"{"model":"chatbot","messages":[{"role":"user","content":"hello"}],"max_tokens":6,"ignore_eos":true"#

  @Test("A completion has vLLM's members in vLLM's order, and the headers of uvicorn")
  func completion() async throws {
    try await withServer(podName: "gemma3-0") { port in
      let answer = try exchange(port, "POST", "/v1/completions", Self.guide)
      #expect(answer.status == 200)
      #expect(answer.headers["content-type"] == "application/json")
      #expect(answer.headers["server"] == "uvicorn")
      #expect(answer.headers["vary"] == "Origin")
      #expect(answer.headers["x-inference-pod"] == "gemma3-0")
      let body = try parse(answer.body)
      #expect(Sample.shape(answer.body) == Sample.shape(Sample.completion))
      #expect(body["usage"]?["completion_tokens"] == 8)
      #expect(body["usage"]?["prompt_tokens"] == 7)
      #expect(text(first(body["choices"])?["finish_reason"]) == "length")
    }
  }

  @Test("Temperature 0 gives the same answer every time; above 0 only a seed does")
  func determinism() async throws {
    try await withServer { port in
      func answer(_ rest: String) throws -> String? {
        let answer = try exchange(port, "POST", "/v1/completions", #"{"prompt":"sky","max_tokens":12,\#(rest)}"#)
        return text(first(try parse(answer.body)["choices"])?["text"])
      }
      let greedy = try answer(#""temperature":0"#)
      #expect(greedy?.isEmpty == false)
      #expect(try answer(#""temperature":0"#) == greedy)
      #expect(try answer(#""temperature":1"#) != (try answer(#""temperature":1"#)))
      #expect(try answer(#""temperature":1,"seed":7"#) == (try answer(#""temperature":1,"seed":7"#)))
    }
  }

  @Test("A chat has vLLM's members in vLLM's order")
  func chat() async throws {
    try await withServer { port in
      let answer = try exchange(port, "POST", "/v1/chat/completions", Self.chat + "}")
      let body = try parse(answer.body)
      #expect(answer.headers["x-inference-pod"] == nil)
      #expect(Sample.shape(answer.body) == Sample.shape(Sample.chat))
      let content = text(first(body["choices"])?["message"]?["content"])
      #expect(content?.isEmpty == false)
      #expect(content?.hasPrefix(" ") == false)
    }
  }

  @Test("A streamed chat has the recorded chunks, and the same text as the whole answer")
  func chatStream() async throws {
    try await withServer { port in
      let whole = try parse(
        try exchange(port, "POST", "/v1/chat/completions", Self.chat + #","temperature":0}"#).body)
      let answer = try exchange(
        port, "POST", "/v1/chat/completions",
        Self.chat + #","temperature":0,"stream":true,"stream_options":{"include_usage":true}}"#)
      #expect(answer.headers["content-type"] == "text/event-stream; charset=utf-8")
      let shapes = events(answer.body).map(Sample.shape)
      let expected = Sample.chatChunks.map(Sample.shape)
      #expect(shapes == [expected[0]] + Array(repeating: expected[1], count: 5) + expected[2...])
      let chunks = try events(answer.body).map(parse)
      let streamed = chunks.compactMap { text(first($0["choices"])?["delta"]?["content"]) }.joined()
      #expect(streamed == text(first(whole["choices"])?["message"]?["content"]))
      #expect(chunks[7]["usage"]?["completion_tokens"] == 6)
    }
  }

  @Test("n choices come back with their indices, streamed and not; usage counts all")
  func choices() async throws {
    try await withServer { port in
      let request = #"{"prompt":["a b","c"],"n":3,"max_tokens":5,"ignore_eos":true"#
      let body = try parse(try exchange(port, "POST", "/v1/completions", request + "}").body)
      guard case .array(let choices) = body["choices"] else {
        Issue.record("no choices")
        return
      }
      #expect(choices.map { $0["index"] } == (0..<6).map { .integer($0) })
      #expect(Set(choices.compactMap { text($0["text"]) }).count == 6)
      #expect(body["usage"]?["completion_tokens"] == 30)
      let stream = try exchange(port, "POST", "/v1/completions", request + #","stream":true}"#).body
      let chunks = try events(stream).map(parse)
      #expect(chunks.count == 30)
      let ends = chunks.filter { text(first($0["choices"])?["finish_reason"]) == "length" }
      #expect(Set(ends.map { first($0["choices"])?["index"] }).count == 6)
    }
  }

  @Test("A stop string ends the answer and is named; echo repeats the prompt; without model the first one answers")
  func stopAndEcho() async throws {
    try await withServer { port in
      let answer = try exchange(
        port, "POST", "/v1/completions",
        #"{"prompt":"Say it","max_tokens":50,"stop":["."],"echo":true,"ignore_eos":true}"#)
      let body = try parse(answer.body)
      let choice = first(body["choices"])
      #expect(text(choice?["finish_reason"]) == "stop")
      #expect(text(choice?["stop_reason"]) == ".")
      #expect(text(choice?["text"])?.hasPrefix("Say it ") == true)
      #expect(text(choice?["text"])?.contains(".") == false)
      #expect(text(body["model"]) == "chatbot")
    }
  }

  @Test("One connection serves many requests, streamed and not")
  func keepAlive() async throws {
    try await withServer { port in
      let client = try SocketClient(port: port)
      for round in 0..<6 {
        try client.send("POST", "/v1/chat/completions", body: Self.chat + #","stream":\#(round % 2 == 0)}"#)
        #expect(try client.receive().status == 200)
      }
    }
  }

  @Test(
    "Bad requests get the recorded errors, word by word",
    arguments: [
      ("/v1/completions", #"{"model":"nope","prompt":"x"}"#, 404, Sample.unknownModel),
      ("/v1/completions", #"{"model":"chatbot","prompt":"x","max_tokens":99999}"#, 400, Sample.tooLong),
      ("/v1/completions", "{not json", 400, Sample.badJSON),
    ])
  func recordedErrors(path: String, body: String, status: Int, expected: String) async throws {
    try await withServer { port in
      let answer = try exchange(port, "POST", path, body)
      #expect(answer.status == status)
      #expect(answer.body == expected)
    }
  }

  @Test(
    "Every other bad request gets a clear error that names the field",
    arguments: [
      ("/v1/completions", "[]", 400, "body"),
      ("/v1/completions", "", 400, "body"),
      ("/v1/completions", #"{"prompt":""#, 400, "json_invalid"),
      ("/v1/completions", "{}", 400, "prompt"),
      ("/v1/completions", #"{"prompt":5}"#, 400, "body.prompt"),
      ("/v1/completions", #"{"prompt":[1,"x"]}"#, 400, "body.prompt.1"),
      ("/v1/completions", #"{"prompt":"x","max_tokens":"many"}"#, 400, "body.max_tokens"),
      ("/v1/completions", #"{"prompt":"x","max_tokens":0}"#, 400, "max_tokens"),
      ("/v1/completions", #"{"prompt":"x","temperature":-1}"#, 400, "temperature"),
      ("/v1/completions", #"{"prompt":"x","n":0}"#, 400, "n must be"),
      ("/v1/completions", #"{"prompt":"x","n":2,"temperature":0}"#, 400, "greedy"),
      ("/v1/completions", #"{"prompt":"x","stream_options":{}}"#, 400, "stream_options"),
      ("/v1/completions", #"{"prompt":"x","stop":[""]}"#, 400, "stop"),
      ("/v1/completions", #"{"model":7,"prompt":"x"}"#, 400, "body.model"),
      ("/v1/chat/completions", #"{"model":"chatbot"}"#, 400, "body.messages"),
      ("/v1/chat/completions", #"{"messages":["x"]}"#, 400, "messages.0.role"),
      ("/v1/nothing", "{}", 404, "Not Found"),
      ("/v1/models", "{}", 405, "Method Not Allowed"),
    ])
  func otherErrors(path: String, body: String, status: Int, names: String) async throws {
    try await withServer { port in
      let answer = try exchange(port, "POST", path, body)
      #expect(answer.status == status)
      let error = try parse(answer.body)["error"]
      #expect(error?["code"] == .integer(Int64(status)))
      #expect(text(error?["message"])?.contains(names) == true, "\(answer.body)")
    }
  }

  @Test("A prompt longer than the model's context and a body of the wrong type are refused")
  func tooLong() async throws {
    try await withServer { port in
      let prompt = String(repeating: "word ", count: 200_000)
      let long = try exchange(port, "POST", "/v1/completions", #"{"prompt":"\#(prompt)"}"#)
      #expect(long.status == 400)
      #expect(long.body.contains("maximum context length is 2048 tokens"))
      let form = try exchange(
        port, "POST", "/v1/completions", "{}", type: "application/x-www-form-urlencoded")
      #expect(form.status == 400)
      #expect(form.body.contains("application/json"))
    }
  }
}
