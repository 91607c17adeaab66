/// Comparisons of bytes with ASCII text without regard to letter case.
package enum ASCIIBytes {
  /// Whether the bytes are the text, which is in lower case.
  package static func isSame(_ bytes: UnsafeRawBufferPointer, _ text: StaticString) -> Bool {
    bytes.count == text.utf8CodeUnitCount && hasPrefix(bytes, text)
  }

  /// Whether the bytes begin with the text, which is in lower case.
  package static func hasPrefix(_ bytes: UnsafeRawBufferPointer, _ text: StaticString) -> Bool {
    guard bytes.count >= text.utf8CodeUnitCount else { return false }
    let start = text.utf8Start
    for index in 0..<text.utf8CodeUnitCount where lower(bytes[index]) != start[index] { return false }
    return true
  }

  /// Whether the bytes end with the text, which is in lower case.
  package static func hasSuffix(_ bytes: UnsafeRawBufferPointer, _ text: StaticString) -> Bool {
    let start = bytes.count - text.utf8CodeUnitCount
    return start >= 0 && hasPrefix(UnsafeRawBufferPointer(rebasing: bytes[start...]), text)
  }

  /// Whether the bytes are the text, which is in lower case.
  package static func isSame(_ bytes: UnsafeRawBufferPointer, _ text: String) -> Bool {
    var text = text
    return text.withUTF8 { text in
      guard bytes.count == text.count else { return false }
      for index in 0..<text.count where lower(bytes[index]) != text[index] { return false }
      return true
    }
  }

  /// Whether two runs of bytes are the same.
  package static func isSame(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
    guard left.count == right.count else { return false }
    for index in 0..<left.count where lower(left[index]) != lower(right[index]) { return false }
    return true
  }

  /// Without spaces and tabs at the ends.
  package static func trimmed(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    var (start, end) = (0, bytes.count)
    while start < end, isBlank(bytes[start]) { start += 1 }
    while end > start, isBlank(bytes[end - 1]) { end -= 1 }
    return UnsafeRawBufferPointer(rebasing: bytes[start..<end])
  }

  /// A space or a tab.
  package static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  /// The small letter of a capital one; other bytes as they are.
  package static func lower(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
}
