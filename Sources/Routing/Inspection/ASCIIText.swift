/// Comparisons of ASCII text without regard to letter case, and without allocating. For two types and not generic: each
/// header of each request goes through several, and generic code called from another module is not specialised (measured:
/// a fifth of the gateway's time).
package enum ASCIIText {
  /// Whether two texts are the same.
  package static func isSame(_ text: Substring, _ other: String) -> Bool {
    text.utf8.count == other.utf8.count && starts(text.utf8, with: other.utf8)
  }

  /// Whether two texts are the same.
  package static func isSame(_ text: String, _ other: String) -> Bool { isSame(text[...], other) }

  /// Whether a text begins like this.
  package static func hasPrefix(_ text: Substring, _ prefix: String) -> Bool {
    text.utf8.count >= prefix.utf8.count && starts(text.utf8, with: prefix.utf8)
  }

  /// Whether a text begins like this.
  package static func hasPrefix(_ text: String, _ prefix: String) -> Bool { hasPrefix(text[...], prefix) }

  private static func starts(_ bytes: Substring.UTF8View, with expected: String.UTF8View) -> Bool {
    zip(bytes, expected).allSatisfy { lower($0) == lower($1) }
  }

  private static func lower(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }
}
