/// A hash that is the same in every process, unlike `Hasher`: answers and cache keys must not change with a restart.
package enum StableHash {
  /// Mixes one more value in (the finaliser of SplitMix64).
  package static func mix(_ hash: UInt64, _ value: UInt64) -> UInt64 {
    var z = hash ^ (value &+ 0x9e37_79b9_7f4a_7c15)
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
