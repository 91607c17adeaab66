import JSONText
import ModelEngine

/// The hashes of the full blocks of a sequence, each one over the whole prefix.
struct BlockChain: Sendable {
  private(set) var hashes: [UInt64] = []
  private let blockSize: Int
  private var hash: UInt64
  private var pending = 0

  /// Adapters change keys and values, so they are part of the hash.
  init(blockSize: Int, adapter: String?) {
    self.blockSize = blockSize
    hash = FNV1a.hash((adapter ?? "").utf8)
  }

  mutating func append(_ token: TokenID) {
    hash = StableHash.mix(hash, UInt64(token))
    pending += 1
    guard pending == blockSize else { return }
    hashes.append(hash)
    pending = 0
  }
}
