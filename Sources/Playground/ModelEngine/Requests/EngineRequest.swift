/// A moment or a span of virtual time in nanoseconds; moments count from the start of the engine.
public typealias Nanoseconds = UInt64

/// A LoRA adapter, by any number that its name stands for.
public struct AdapterID: Hashable, Comparable, Sendable {
  /// The number.
  public var rawValue: UInt64

  /// The adapter with a number.
  public init(_ rawValue: UInt64) { self.rawValue = rawValue }

  /// By number.
  public static func < (left: AdapterID, right: AdapterID) -> Bool { left.rawValue < right.rawValue }
}

/// One sequence to generate, in numbers; a request with `n` = 3 is three of them.
public struct EngineRequest: Sendable, Equatable {
  /// Names the sequence in events; no other open one may have it.
  public var id: UInt64
  /// Tokens of the prompt, 1 or more.
  public var promptTokens: Int
  /// One hash for each full block of the sequence, the prompt's first and, where the caller knows them already, the
  /// answer's after them. Each stands for everything up to the block's end, so that equal hashes mean equal
  /// beginnings (``PrefixHashes``). Where the list ends, sharing ends: empty means that nothing is ever shared.
  public var blockHashes: [UInt64]
  /// Tokens to generate at most, 1 or more.
  public var maxTokens: Int
  /// Tokens after which the answer ends by itself, 1 or more; `nil` for one that goes on until `maxTokens`.
  public var answerTokens: Int?
  /// The adapter; `nil` for the base model.
  public var adapter: AdapterID?
  /// The `n` of the request that this sequence is a part of, for the histograms.
  public var choices: Int

  /// Creates a request. Counts below 1 become 1: even an empty prompt has the token that texts begin with.
  public init(
    id: UInt64, promptTokens: Int, blockHashes: [UInt64] = [], maxTokens: Int, answerTokens: Int? = nil,
    adapter: AdapterID? = nil, choices: Int = 1
  ) {
    self.id = id
    self.promptTokens = max(1, promptTokens)
    self.blockHashes = blockHashes
    self.maxTokens = max(1, maxTokens)
    self.answerTokens = answerTokens.map { max(1, $0) }
    self.adapter = adapter
    self.choices = choices
  }
}
