import Hummingbird
import JSONText
import ModelEngine
import NIOCore

/// Answers completions and chats: queues the sequences, then collects or streams what the engine generates.
struct GenerationHandler: Sendable {
  let engine: Engine
  let catalog: ModelCatalog
  let limits: EngineLimits
  let seed: UInt64
  let serials: SerialNumbers
  let watch: ConnectionWatch
  let unixTime: @Sendable () -> Double

  /// - Parameter requestID: the client's `x-request-id`, which becomes part of the answer's id as in vLLM.
  func respond(
    to body: JSONValue, kind: ResponseShape.Kind, requestID: String?, context: ServerRequestContext
  ) async throws -> Response {
    let reader = GenerationRequestReader(catalog: catalog, maxModelLen: limits.contextLength)
    let request = kind == .chat ? try reader.chat(body) : try reader.completion(body)
    let serial = serials.next()
    let random = String(StableHash.mix(StableHash.mix(seed, serial), UInt64(unixTime() * 1e6)), radix: 16)
    let shape = ResponseShape(
      kind: kind, id: (kind == .chat ? "chatcmpl-" : "cmpl-") + (requestID ?? random), created: Int(unixTime()),
      model: request.modelName)
    let answers = answers(request, kind: kind, serial: serial)
    let generation = try engine.generate(sequences(request, answers), adapter: request.model.adapterName)
    let texts = answers.map(AnswerText.init)
    return request.streams
      ? stream(generation, texts, request, shape, context.channel)
      : try await collect(generation, texts, request, shape, context.channel)
  }

  /// One answer for each prompt and choice. At temperature 0 the text depends on weights and prompt alone.
  private func answers(_ request: GenerationRequest, kind: ResponseShape.Kind, serial: UInt64) -> [Answer] {
    request.prompts.flatMap { prompt in
      var key = StableHash.mix(seed, FNV1a.hash((request.model.adapterName ?? "").utf8))
      for token in prompt { key = StableHash.mix(key, UInt64(token)) }
      return (0..<request.choices).map { choice in
        var own = key
        if request.temperature > 0 {
          let chance = request.requestSeed.map { UInt64(bitPattern: Int64($0)) } ?? StableHash.mix(serial, 1)
          own = StableHash.mix(StableHash.mix(key, chance), UInt64(choice))
        }
        return Answer(
          source: TokenSource(key: own), maxTokens: request.maxTokens, minTokens: request.minTokens,
          ignoresEnd: request.ignoresEnd, stop: request.stop, includesStop: request.includesStop,
          trimsLeadingSpace: kind == .chat)
      }
    }
  }

  /// What the engine needs to know of the answers.
  private func sequences(_ request: GenerationRequest, _ answers: [Answer]) -> [EngineRequest] {
    let adapter = request.model.adapterName
    return request.prompts.enumerated().flatMap { index, prompt in
      var chain = BlockChain(blockSize: limits.blockSize, adapter: adapter)
      for token in prompt { chain.append(token) }
      return answers[index * request.choices..<(index + 1) * request.choices].map { answer in
        var whole = chain
        let answerTokens = answer.follow(&whole)
        // An empty prompt still has the token that texts begin with, and with it must fit into the context.
        let room = limits.contextLength - max(1, prompt.count)
        return EngineRequest(
          id: 0, promptTokens: prompt.count, blockHashes: whole.hashes, maxTokens: min(request.maxTokens, room),
          answerTokens: answerTokens, adapter: adapter.map { AdapterID(FNV1a.hash($0.utf8)) },
          choices: request.choices)
      }
    }
  }

  private func echo(_ request: GenerationRequest, _ index: Int) -> String {
    let prompt = index / request.choices
    return prompt < request.echo.count ? request.echo[prompt] : ""
  }

  private func collect(
    _ generation: Engine.Generation, _ texts: [AnswerText], _ request: GenerationRequest, _ shape: ResponseShape,
    _ channel: any Channel
  ) async throws -> Response {
    var choices = generation.ids.indices.map { ResponseShape.Choice(index: $0, text: echo(request, $0)) }
    await watch.withCloseHandler(channel, onClosed: { engine.abort(generation.ids) }) {
      var texts = texts
      for await (index, progress) in generation.events {
        let event = texts[index].piece(of: progress)
        choices[index].text += event.text
        choices[index].completionTokens = event.completionTokens
        choices[index].finish = event.finish
        choices[index].stopReason = event.stopReason
      }
    }
    if choices.contains(where: { $0.finish == .error }) { throw ServiceError.engineFailed }
    // Without an end the task was cancelled; aborted, the client has gone (and reads nothing) or the server stops.
    if choices.contains(where: { $0.finish == nil || $0.finish == .abort }) { throw ServiceError.stopping }
    return .json(shape.full(choices, promptTokens: request.promptTokens))
  }

  private func stream(
    _ generation: Engine.Generation, _ texts: [AnswerText], _ request: GenerationRequest, _ shape: ResponseShape,
    _ channel: any Channel
  ) -> Response {
    let body = ResponseBody { writer in
      do {
        try await watch.withCloseHandler(channel, onClosed: { engine.abort(generation.ids) }) {
          try await write(generation, texts, request, shape, to: &writer)
        }
      } catch {
        engine.abort(generation.ids)
        throw error
      }
    }
    return Response(status: .ok, headers: [.contentType: "text/event-stream; charset=utf-8"], body: body)
  }

  private func write(
    _ generation: Engine.Generation, _ texts: [AnswerText], _ request: GenerationRequest, _ shape: ResponseShape,
    to writer: inout any ResponseBodyWriter
  ) async throws {
    if shape.kind == .chat {
      for index in generation.ids.indices { try await writer.write(Self.event(shape.roleChunk(index: index))) }
    }
    var echoed = Array(repeating: request.echo.isEmpty, count: generation.ids.count)
    var completion = Array(repeating: 0, count: generation.ids.count)
    var open = generation.ids.count
    var texts = texts
    for await (index, progress) in generation.events {
      var event = texts[index].piece(of: progress)
      if let finish = event.finish, !finish.isWhole {
        let error = finish == .error ? ServiceError.engineFailed : .stopping
        try await writer.write(Self.event(error.body))
        break
      }
      if event.finish != nil { open -= 1 }
      if !echoed[index] { event.text = echo(request, index) + event.text }
      echoed[index] = true
      completion[index] = event.completionTokens
      let prompt = request.prompts[index / request.choices].count
      let usage =
        request.usageInEveryChunk
        ? ResponseShape.usage(prompt: prompt, completion: event.completionTokens) : nil
      try await writer.write(Self.event(shape.chunk(index: index, event: event, usage: usage)))
    }
    // Cancelled: the connection breaks, so that the client does not take a part for the whole.
    try Task.checkCancellation()
    if request.includesUsage, open == 0 {
      let total = completion.reduce(0, +)
      try await writer.write(Self.event(shape.usageChunk(prompt: request.promptTokens, completion: total)))
    }
    try await writer.write(ByteBuffer(string: "data: [DONE]\n\n"))
    try await writer.finish(nil)
  }

  private static func event(_ json: OrderedJSON) -> ByteBuffer {
    ByteBuffer(string: "data: \(JSONWriter.text(of: json))\n\n")
  }
}
