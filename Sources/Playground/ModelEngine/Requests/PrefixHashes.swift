/// Makes the hashes of blocks by which a KV cache knows equal beginnings of prompts.
public enum PrefixHashes {
  /// A run of blocks with the same content wherever the seed is the same: a system prompt, a turn of a conversation.
  public struct Segment: Sendable, Equatable {
    /// Stands for the content.
    public var seed: UInt64
    /// Its length in blocks.
    public var blocks: Int

    /// Creates a segment.
    public init(seed: UInt64, blocks: Int) {
      self.seed = seed
      self.blocks = blocks
    }
  }

  /// The block hashes of a prompt made of segments, for workloads that have no text: two prompts share as many blocks
  /// as they have in common from the beginning.
  public static func chain(_ segments: [Segment]) -> [UInt64] {
    var hashes: [UInt64] = []
    hashes.reserveCapacity(segments.reduce(0) { $0 + $1.blocks })
    var hash: UInt64 = 0
    for segment in segments {
      for block in 0..<segment.blocks {
        hash = StableHash.mix(StableHash.mix(hash, segment.seed), UInt64(block))
        hashes.append(hash)
      }
    }
    return hashes
  }
}
