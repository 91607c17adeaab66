import JSONText

/// A token of the simulated vocabulary: the stable hash of its text.
typealias TokenID = UInt32

/// Cuts text as byte-pair tokenizers do in effect: a word with its leading space is one token, long words are several.
///
/// It has no trained vocabulary; a token's number is the hash of its text, so equal text has equal tokens, which is
/// all that counts and prefix caching need.
enum Tokenizer {
  /// Longest token in bytes, a leading space not counted.
  static let longestPiece = 8

  static func encode(_ text: String) -> [TokenID] {
    var tokens: [TokenID] = []
    tokens.reserveCapacity(text.utf8.count / 4)
    forEachPiece(Array(text.utf8)) { tokens.append(id($0)) }
    return tokens
  }

  static func pieces(_ text: String) -> [String] {
    var pieces: [String] = []
    forEachPiece(Array(text.utf8)) { pieces.append(String(decoding: $0, as: UTF8.self)) }
    return pieces
  }

  static func id(_ piece: some Sequence<UInt8>) -> TokenID {
    // 18 bits: the size of a large real vocabulary.
    TokenID(truncatingIfNeeded: FNV1a.hash(piece) % 262_144)
  }

  private enum Kind { case word, digit, space, other }

  private static func kind(_ byte: UInt8) -> Kind {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), 0x80...: .word
    case UInt8(ascii: "0")...UInt8(ascii: "9"): .digit
    case 0x20, 0x09, 0x0a, 0x0d: .space
    default: .other
    }
  }

  private static func forEachPiece(_ bytes: [UInt8], _ body: (ArraySlice<UInt8>) -> Void) {
    var start = 0
    while start < bytes.count {
      var end = start
      if bytes[start] == 0x20, start + 1 < bytes.count, kind(bytes[start + 1]) != .space { end += 1 }
      let first = kind(bytes[end])
      let longest = end + (first == .word ? longestPiece : first == .digit ? 3 : first == .space ? 16 : 1)
      repeat { end += 1 } while end < bytes.count && end < longest && kind(bytes[end]) == first
      // A character of several bytes stays whole.
      while end < bytes.count, bytes[end] & 0xc0 == 0x80 { end += 1 }
      body(bytes[start..<end])
      start = end
    }
  }
}
