/// How fast and how large the simulated engine is. All figures describe one model server with one model loaded.
public struct EngineParameters: Sendable, Equatable {
  /// Prompt tokens computed a second when nothing else runs.
  public var prefillTokensPerSecond: Double
  /// Tokens generated a second by a sequence that runs alone.
  public var decodeTokensPerSecond: Double
  /// How much longer a decode step takes for each further sequence in the batch, as a share of the step of one.
  public var decodeSlowdownPerSequence: Double
  /// Sequences that run at once (`--max-num-seqs`).
  public var maxSequences: Int
  /// Tokens computed in one step, prompts and generation together (`--max-num-batched-tokens`).
  public var maxBatchedTokens: Int
  /// KV-cache blocks (`num_gpu_blocks`).
  public var blockCount: Int
  /// Tokens in a block.
  public var blockSize: Int
  /// LoRA adapters that may run in one batch (`--max-loras`); 0 turns LoRA off.
  public var maxLoras: Int
  /// Seconds to bring an adapter onto the accelerator that was not there.
  public var loraLoadSeconds: Double

  /// Creates parameters; the defaults are those of a small accelerator (`L4`).
  public init(
    prefillTokensPerSecond: Double = 4000, decodeTokensPerSecond: Double = 24,
    decodeSlowdownPerSequence: Double = 0.02, maxSequences: Int = 128, maxBatchedTokens: Int = 2048,
    blockCount: Int = 4096, blockSize: Int = 16, maxLoras: Int = 4, loraLoadSeconds: Double = 0.15
  ) {
    self.prefillTokensPerSecond = prefillTokensPerSecond
    self.decodeTokensPerSecond = decodeTokensPerSecond
    self.decodeSlowdownPerSequence = decodeSlowdownPerSequence
    self.maxSequences = maxSequences
    self.maxBatchedTokens = maxBatchedTokens
    self.blockCount = blockCount
    self.blockSize = blockSize
    self.maxLoras = maxLoras
    self.loraLoadSeconds = loraLoadSeconds
  }

  /// The same engine with every speed multiplied, for demonstrations that should not take long.
  public func scaled(by factor: Double) -> EngineParameters {
    var scaled = self
    scaled.prefillTokensPerSecond *= factor
    scaled.decodeTokensPerSecond *= factor
    scaled.loraLoadSeconds /= factor
    return scaled
  }

  /// The first field whose value no engine can have, as a sentence with field, value and cure; `nil` when all are fine.
  public var problem: String? {
    let speeds: [(String, Double)] = [
      ("prefillTokensPerSecond", prefillTokensPerSecond), ("decodeTokensPerSecond", decodeTokensPerSecond),
    ]
    for (field, value) in speeds where !(value > 0 && value.isFinite) {
      return "\(field) is \(value); give a number above 0"
    }
    let shares: [(String, Double)] = [
      ("decodeSlowdownPerSequence", decodeSlowdownPerSequence), ("loraLoadSeconds", loraLoadSeconds),
    ]
    for (field, value) in shares where !(value >= 0 && value.isFinite) {
      return "\(field) is \(value); give 0 or more"
    }
    let sizes = [
      ("maxSequences", maxSequences), ("maxBatchedTokens", maxBatchedTokens), ("blockCount", blockCount),
      ("blockSize", blockSize),
    ]
    for (field, value) in sizes where value < 1 { return "\(field) is \(value); give 1 or more" }
    return maxLoras < 0 ? "maxLoras is \(maxLoras); give 0 or more" : nil
  }
}
