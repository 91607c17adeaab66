/// The 64-bit FNV-1a hash: the same in every process and version, unlike `Hasher`. Not for keys that an attacker chooses.
///
/// Source: https://datatracker.ietf.org/doc/html/draft-eastlake-fnv
package struct FNV1a: Sendable {
  /// The hash of what was combined so far.
  package var value: UInt64

  /// The hash of nothing.
  @inlinable package init() { value = 0xCBF2_9CE4_8422_2325 }

  /// Mixes bytes in; the same bytes in several calls give the same hash as in one.
  @inlinable package mutating func combine(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
  }

  /// The hash of bytes.
  @inlinable package static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
    var hash = FNV1a()
    hash.combine(bytes)
    return hash.value
  }
}
