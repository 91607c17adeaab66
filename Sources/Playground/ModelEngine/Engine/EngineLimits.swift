/// What fits into an engine at once. The names in parentheses are vLLM's.
public struct EngineLimits: Sendable, Equatable {
  /// Sequences that run at once (`--max-num-seqs`).
  public var maxSequences: Int
  /// Tokens computed in one step, prompts and generation together (`--max-num-batched-tokens`).
  public var maxBatchedTokens: Int
  /// Longest prompt and answer together, in tokens (`--max-model-len`).
  public var contextLength: Int
  /// Blocks of the KV cache (`num_gpu_blocks`).
  public var blockCount: Int
  /// Tokens in a block (`--block-size`).
  public var blockSize: Int
  /// LoRA adapters that may run in one step (`--max-loras`); 0 turns LoRA off.
  public var maxLoras: Int
  /// Sequences that may be open, waiting or running (`--max-num-queued-reqs`); `nil` for no limit.
  public var maxQueuedRequests: Int?
  /// Once the sequences without a first token have prompts of so many tokens, no more are taken
  /// (`--max-num-queued-tokens`); `nil` for no limit.
  public var maxQueuedTokens: Int?

  /// Creates limits.
  public init(
    maxSequences: Int = 128, maxBatchedTokens: Int = 2048, contextLength: Int = 8192, blockCount: Int = 4096,
    blockSize: Int = 16, maxLoras: Int = 4, maxQueuedRequests: Int? = nil, maxQueuedTokens: Int? = nil
  ) {
    self.maxSequences = maxSequences
    self.maxBatchedTokens = maxBatchedTokens
    self.contextLength = contextLength
    self.blockCount = blockCount
    self.blockSize = blockSize
    self.maxLoras = maxLoras
    self.maxQueuedRequests = maxQueuedRequests
    self.maxQueuedTokens = maxQueuedTokens
  }

  /// The limits of a model on an accelerator: the cache has what weights and a gigabyte of working memory leave of
  /// 92 % of the memory, and the batch is larger where there is much of it, as vLLM does it. No block when the model
  /// does not fit.
  public init(model: ModelSize, on accelerator: Accelerator, contextLength: Int = 8192) {
    let isLarge = accelerator.memory >= 70e9
    let room = 0.92 * accelerator.memory - model.weightBytes(on: accelerator) - 1e9
    self.init(
      maxSequences: isLarge ? 256 : 128, maxBatchedTokens: isLarge ? 8192 : 2048, contextLength: contextLength)
    blockCount = max(0, Int(room / (model.cacheBytesPerToken * Double(blockSize))))
  }

  /// Tokens that the KV cache holds.
  public var cacheTokens: Int { blockCount * blockSize }

  /// Blocks that so many tokens take.
  func blocks(for tokens: Int) -> Int { (tokens + blockSize - 1) / blockSize }

  /// The first field whose value no engine can have, as a sentence with field, value and cure; `nil` when all are fine.
  public var problem: String? {
    let sizes = [
      ("maxSequences", maxSequences), ("maxBatchedTokens", maxBatchedTokens), ("blockCount", blockCount),
      ("blockSize", blockSize), ("maxQueuedRequests", maxQueuedRequests ?? 1),
      ("maxQueuedTokens", maxQueuedTokens ?? 1),
    ]
    for (field, value) in sizes where value < 1 { return "\(field) is \(value); give 1 or more" }
    if contextLength < 2 { return "contextLength is \(contextLength); give 2 or more" }
    if maxLoras < 0 { return "maxLoras is \(maxLoras); give 0 or more" }
    guard cacheTokens < contextLength else { return nil }
    return "blockCount × blockSize is \(cacheTokens) tokens, fewer than contextLength \(contextLength); raise "
      + "blockCount or lower contextLength"
  }
}
