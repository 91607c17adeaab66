import JSONText

/// A completion or chat request after validation: what both have in common.
struct GenerationRequest: Sendable {
  var modelName: String
  var model: ModelCatalog.Model
  /// One entry a prompt; a chat has one.
  var prompts: [[TokenID]]
  /// Text to repeat before each prompt's answer (`echo`), one entry a prompt.
  var echo: [String] = []
  var maxTokens: Int
  var minTokens: Int
  var choices: Int
  var temperature: Double
  var requestSeed: Int?
  var stop: [String]
  var includesStop: Bool
  var ignoresEnd: Bool
  var streams: Bool
  var includesUsage: Bool
  /// `stream_options.continuous_usage_stats`: usage in every chunk.
  var usageInEveryChunk: Bool

  var promptTokens: Int { prompts.reduce(0) { $0 + $1.count } }
}

/// Turns bodies into ``GenerationRequest``s, with vLLM's defaults, limits and messages.
///
/// Accepted without effect, because the engine generates words and not probabilities: `top_p`, `top_k`, penalties,
/// `logprobs`, `logit_bias`, `tools`, `response_format` and what else a body may hold.
struct GenerationRequestReader {
  let catalog: ModelCatalog
  let maxModelLen: Int

  /// vLLM's default for `max_tokens` of a completion.
  static let defaultCompletionTokens = 16
  /// Choices that one request may ask for; vLLM's own limit (`VLLM_MAX_N_SEQUENCES`) is as high.
  static let mostChoices = 16384

  func completion(_ body: JSONValue) throws(ServiceError) -> GenerationRequest {
    let fields = try reader(body)
    let texts = try prompts(fields)
    let longest = texts.map(\.tokens.count).max() ?? 0
    let asked = try fields.integer("max_tokens") ?? min(Self.defaultCompletionTokens, max(1, maxModelLen - longest))
    var request = try common(fields, asked: asked, parameter: "max_tokens", longestPrompt: longest)
    request.prompts = texts.map(\.tokens)
    if try fields.bool("echo") { request.echo = texts.map(\.text) }
    return request
  }

  func chat(_ body: JSONValue) throws(ServiceError) -> GenerationRequest {
    let fields = try reader(body)
    let prompt = Tokenizer.encode(try ChatTemplate.render(fields))
    let newName = try fields.integer("max_completion_tokens")
    let oldName = try fields.integer("max_tokens")
    let asked = newName ?? oldName ?? max(1, maxModelLen - prompt.count)
    let parameter = newName == nil ? "max_tokens" : "max_completion_tokens"
    var request = try common(fields, asked: asked, parameter: parameter, longestPrompt: prompt.count)
    request.prompts = [prompt]
    return request
  }

  /// Checks that the body is an object and that the model exists, which comes before everything else.
  private func reader(_ body: JSONValue) throws(ServiceError) -> FieldReader {
    guard case .object = body else {
      throw .validation(
        "model_attributes_type", location: "body",
        "Input should be a valid dictionary or object to extract fields from", input: FieldReader.shown(body))
    }
    return FieldReader(body: body)
  }

  private func common(
    _ fields: FieldReader, asked: Int, parameter: String, longestPrompt: Int
  ) throws(ServiceError) -> GenerationRequest {
    let name = try fields.string("model") ?? catalog.primaryName
    guard let model = catalog.model(named: name) else { throw .unknownModel(name, aliases: catalog.aliases) }
    try checkLength(asked: asked, parameter: parameter, prompt: longestPrompt)
    let options = FieldReader(body: fields.body["stream_options"] ?? .null)
    let streams = try fields.bool("stream")
    if !options.body.isNull, !streams {
      throw .badRequest(
        "Stream options can only be defined when `stream=True`.", parameter: "stream_options",
        value: JSONWriter.text(of: options.body))
    }
    let request = GenerationRequest(
      modelName: name, model: model, prompts: [], maxTokens: asked, minTokens: try fields.integer("min_tokens") ?? 0,
      choices: try fields.integer("n") ?? 1, temperature: try fields.number("temperature") ?? 1,
      requestSeed: try fields.integer("seed"), stop: try fields.strings("stop"),
      includesStop: try fields.bool("include_stop_str_in_output"), ignoresEnd: try fields.bool("ignore_eos"),
      streams: streams, includesUsage: try options.bool("include_usage"),
      usageInEveryChunk: try options.bool("continuous_usage_stats"))
    try check(request, parameter: parameter)
    return request
  }

  private func check(_ request: GenerationRequest, parameter: String) throws(ServiceError) {
    if request.temperature < 0 {
      throw .badRequest(
        "temperature must be non-negative, got \(request.temperature).", parameter: "temperature",
        value: "\(request.temperature)")
    }
    if !(1...Self.mostChoices).contains(request.choices) {
      throw .badRequest(
        "n must be between 1 and \(Self.mostChoices), got \(request.choices).", parameter: "n",
        value: "\(request.choices)")
    }
    if request.choices > 1, request.temperature == 0 {
      throw .badRequest(
        "n must be 1 when using greedy sampling, got \(request.choices).", parameter: "n", value: "\(request.choices)")
    }
    if request.minTokens < 0 || request.minTokens > request.maxTokens {
      throw .badRequest(
        "min_tokens must be between 0 and \(parameter)=\(request.maxTokens), got \(request.minTokens).",
        parameter: "min_tokens", value: "\(request.minTokens)")
    }
    if request.stop.contains("") {
      throw .badRequest("stop cannot contain an empty string.", parameter: "stop", value: "")
    }
  }

  private func checkLength(asked: Int, parameter: String, prompt: Int) throws(ServiceError) {
    if asked < 1 {
      throw .badRequest("\(parameter) must be at least 1, got \(asked).", parameter: parameter, value: "\(asked)")
    }
    if asked > maxModelLen {
      throw .badRequest(
        "\(parameter)=\(asked) cannot be greater than max_model_len=\(maxModelLen). Please request fewer output tokens.",
        parameter: parameter, value: "\(asked)")
    }
    if prompt + asked > maxModelLen {
      throw .badRequest(
        "This model's maximum context length is \(maxModelLen) tokens. However, you requested \(asked) output tokens "
          + "and your prompt contains \(prompt) input tokens, for a total of \(prompt + asked) tokens. Please reduce "
          + "the length of the input prompt or the number of requested output tokens.",
        parameter: "input_tokens", value: "\(prompt)")
    }
  }

  /// `prompt`: a text, several, a list of token numbers, or several such lists.
  private func prompts(_ fields: FieldReader) throws(ServiceError) -> [(text: String, tokens: [TokenID])] {
    switch fields.body["prompt"] {
    case .string(let text): return [(text, Tokenizer.encode(text))]
    case .array(let values) where !values.isEmpty:
      if case .integer = values[0] { return [("", try tokens(values, "prompt", fields))] }
      var prompts: [(text: String, tokens: [TokenID])] = []
      for (index, value) in values.enumerated() {
        switch value {
        case .string(let text): prompts.append((text, Tokenizer.encode(text)))
        case .array(let numbers): prompts.append(("", try tokens(numbers, "prompt.\(index)", fields)))
        default: throw fields.wrong("prompt.\(index)", "string_type", "Input should be a valid string", value)
        }
      }
      return prompts
    case nil, .null, .array:
      throw .badRequest(
        "Either prompt or prompt_embeds must be provided and non-empty.", parameter: "prompt", value: "None")
    case .some(let value):
      throw fields.wrong("prompt", "string_type", "Input should be a valid string", value)
    }
  }

  private func tokens(_ values: [JSONValue], _ name: String, _ fields: FieldReader) throws(ServiceError) -> [TokenID] {
    var tokens: [TokenID] = []
    for (index, value) in values.enumerated() {
      guard case .integer(let number) = value, let token = TokenID(exactly: number) else {
        throw fields.wrong("\(name).\(index)", "int_type", "Input should be a valid integer", value)
      }
      tokens.append(token)
    }
    return tokens
  }
}
