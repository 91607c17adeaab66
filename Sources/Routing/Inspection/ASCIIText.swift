/// Comparisons of ASCII text without regard to letter case, and without allocating. Inlinable, since each header of
/// each request goes through several and generic code of another module is slow.
package enum ASCIIText {
  /// Whether two texts are the same.
  @inlinable package static func isSame(_ text: some StringProtocol, _ other: String) -> Bool {
    text.utf8.count == other.utf8.count && starts(text.utf8, with: other)
  }

  /// Whether a text begins like this.
  @inlinable package static func hasPrefix(_ text: some StringProtocol, _ prefix: String) -> Bool {
    text.utf8.count >= prefix.utf8.count && starts(text.utf8, with: prefix)
  }

  /// Whether a text ends like this.
  @inlinable package static func hasSuffix(_ text: some StringProtocol, _ suffix: String) -> Bool {
    text.utf8.count >= suffix.utf8.count && starts(text.utf8.suffix(suffix.utf8.count), with: suffix)
  }

  /// Without spaces and tabs at the ends.
  static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop { $0 == " " || $0 == "\t" }
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return text
  }

  @inlinable static func starts(_ bytes: some Sequence<UInt8>, with expected: String) -> Bool {
    zip(bytes, expected.utf8).allSatisfy { lower($0) == lower($1) }
  }

  @inlinable static func lower(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }
}
