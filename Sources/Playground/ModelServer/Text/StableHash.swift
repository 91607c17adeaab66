/// A hash that is the same in every process, unlike `Hasher`: answers and cache keys must not change with a restart.
enum StableHash {
  /// FNV-1a over bytes.
  static func bytes(_ bytes: some Sequence<UInt8>, seed: UInt64 = 0xcbf2_9ce4_8422_2325) -> UInt64 {
    var hash = seed
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return hash
  }

  /// Mixes one more value in (the finaliser of SplitMix64).
  static func mix(_ hash: UInt64, _ value: UInt64) -> UInt64 {
    var z = hash ^ (value &+ 0x9e37_79b9_7f4a_7c15)
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
