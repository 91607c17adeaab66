/// Comparisons of bytes with text, letter for letter.
enum ExactBytes {
  /// Whether the bytes are the text.
  static func isSame(_ bytes: UnsafeRawBufferPointer, _ text: some Collection<UInt8>) -> Bool {
    bytes.count == text.count && hasPrefix(bytes, text)
  }

  /// Whether the bytes begin with the text.
  static func hasPrefix(_ bytes: UnsafeRawBufferPointer, _ text: some Collection<UInt8>) -> Bool {
    guard bytes.count >= text.count else { return false }
    // Text of the table is contiguous; a loop over it is the slow way, and the same.
    return text.withContiguousStorageIfAvailable { text in
      (0..<text.count).allSatisfy { bytes[$0] == text[$0] }
    } ?? bytes.prefix(text.count).elementsEqual(text)
  }
}
