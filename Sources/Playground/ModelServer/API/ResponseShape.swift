import JSONText
import ModelEngine

/// The members of vLLM 0.32's answers, in its order. What the simulation has no value for is `null`, as there.
struct ResponseShape: Sendable {
  /// Completion or chat.
  enum Kind: Sendable { case completion, chat }

  var kind: Kind
  var id: String
  var created: Int
  var model: String

  static let fingerprint = "vllm-\(VersionInfo.version)-fe4659e0"

  /// One whole answer.
  struct Choice: Sendable {
    var index: Int
    var text = ""
    var completionTokens = 0
    var finish: FinishReason?
    var stopReason: String?
  }

  func full(_ choices: [Choice], promptTokens: Int) -> OrderedJSON {
    var members = head(object: kind == .chat ? "chat.completion" : "text_completion")
    members.append(.init("choices", .array(choices.map(kind == .chat ? chatChoice : completionChoice))))
    members.append(.init("service_tier", .null))
    members.append(.init("system_fingerprint", .string(Self.fingerprint)))
    let completion = choices.reduce(0) { $0 + $1.completionTokens }
    var usage = Self.usage(prompt: promptTokens, completion: completion)
    usage += [.init("prompt_tokens_details", .null), .init("completion_tokens_details", .null)]
    members.append(.init("usage", .object(usage)))
    if kind == .chat {
      members += ["prompt_logprobs", "prompt_token_ids", "prompt_text"].map { .init($0, .null) }
    }
    members += ["kv_transfer_params", "ec_transfer_params", "metrics"].map { .init($0, .null) }
    return .object(members)
  }

  /// The first chunk of a chat choice, which names the role.
  func roleChunk(index: Int) -> OrderedJSON {
    let choice: OrderedJSON = [
      "index": .integer(index), "delta": ["role": "assistant", "content": ""], "logprobs": nil, "finish_reason": nil,
    ]
    var members = chunkHead + [.init("choices", [choice])]
    members += [.init("prompt_token_ids", .null), .init("prompt_text", .null)]
    return .object(members)
  }

  /// One token's chunk; the last one carries the finish reason.
  func chunk(index: Int, event: AnswerPiece, usage: [OrderedJSON.Member]?) -> OrderedJSON {
    let finish = OrderedJSON.string(orNull: event.finish?.rawValue)
    let stop = OrderedJSON.string(orNull: event.stopReason)
    var choice: [OrderedJSON.Member] = [.init("index", .integer(index))]
    switch kind {
    case .chat:
      choice += [
        .init("delta", ["content": .string(event.text)]), .init("logprobs", .null), .init("finish_reason", finish),
      ]
      if event.finish != nil { choice.append(.init("stop_reason", stop)) }
    case .completion:
      choice += [
        .init("text", .string(event.text)), .init("logprobs", .null), .init("finish_reason", finish),
        .init("stop_reason", stop), .init("prompt_token_ids", .null),
      ]
    }
    choice.append(.init("token_ids", .null))
    var members = chunkHead + [.init("choices", [.object(choice)])]
    if let usage { members.append(.init("usage", .object(usage))) }
    return .object(members)
  }

  /// The last chunk when the client asked for usage.
  func usageChunk(prompt: Int, completion: Int) -> OrderedJSON {
    .object(
      chunkHead + [
        .init("choices", []), .init("usage", .object(Self.usage(prompt: prompt, completion: completion))),
        .init("system_fingerprint", .string(Self.fingerprint)),
      ])
  }

  static func usage(prompt: Int, completion: Int) -> [OrderedJSON.Member] {
    [
      .init("prompt_tokens", .integer(prompt)), .init("total_tokens", .integer(prompt + completion)),
      .init("completion_tokens", .integer(completion)),
    ]
  }

  private var chunkHead: [OrderedJSON.Member] {
    head(object: kind == .chat ? "chat.completion.chunk" : "text_completion")
  }

  private func head(object: String) -> [OrderedJSON.Member] {
    [
      .init("id", .string(id)), .init("object", .string(object)), .init("created", .integer(created)),
      .init("model", .string(model)),
    ]
  }

  private func chatChoice(_ choice: Choice) -> OrderedJSON {
    [
      "index": .integer(choice.index),
      "message": [
        "role": "assistant", "content": .string(choice.text), "refusal": nil, "annotations": nil, "audio": nil,
        "function_call": nil, "reasoning": nil,
      ],
      "logprobs": nil, "finish_reason": .string((choice.finish ?? .abort).rawValue),
      "stop_reason": .string(orNull: choice.stopReason), "token_ids": nil, "routed_experts": nil,
    ]
  }

  private func completionChoice(_ choice: Choice) -> OrderedJSON {
    [
      "index": .integer(choice.index), "text": .string(choice.text), "logprobs": nil,
      "finish_reason": .string((choice.finish ?? .abort).rawValue),
      "stop_reason": .string(orNull: choice.stopReason), "token_ids": nil, "prompt_logprobs": nil,
      "prompt_token_ids": nil, "routed_experts": nil,
    ]
  }
}

/// The vLLM version that is simulated.
enum VersionInfo {
  static let version = "0.32.0"
}
