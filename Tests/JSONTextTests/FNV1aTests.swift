import JSONText
import Testing

/// Source of the values: https://datatracker.ietf.org/doc/html/draft-eastlake-fnv, test vectors.
@Test(
  "FNV-1a gives the published hashes, in one piece and in several",
  arguments: [("", 0xCBF2_9CE4_8422_2325), ("a", 0xAF63_DC4C_8601_EC8C), ("foobar", 0x8594_4171_F739_67E8)]
    as [(String, UInt64)])
func publishedHashes(text: String, hash: UInt64) {
  #expect(FNV1a.hash(text.utf8) == hash)
  var pieces = FNV1a()
  for byte in text.utf8 { pieces.combine(CollectionOfOne(byte)) }
  #expect(pieces.value == hash)
}
