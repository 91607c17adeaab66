/// Reads a URL's query the way HTML forms write it, without a copy of it.
///
/// Source: WHATWG URL, "application/x-www-form-urlencoded parsing".
struct QueryParameters {
  private let query: UnsafeRawBufferPointer

  init(_ query: UnsafeRawBufferPointer) { self.query = query }

  /// The value of the first parameter of this name, still encoded; empty for a parameter without `=`.
  func first(_ name: String) -> EncodedText? {
    place(of: name).map { EncodedText(bytes: part($0)) }
  }

  /// Where the value of the first parameter of this name stands that begins at or behind `start`.
  func place(of name: String, from start: Int = 0) -> Range<Int>? {
    var start = start
    while start < query.count {
      let end = query[start...].firstIndex(of: UInt8(ascii: "&")) ?? query.count
      let equals = query[start..<end].firstIndex(of: UInt8(ascii: "=")) ?? end
      if start < end, EncodedText(bytes: part(start..<equals)).isSame(name) { return min(equals + 1, end)..<end }
      start = end + 1
    }
    return nil
  }

  private func part(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: query[range]) }

  /// A name or a value: `+` is a space and `%XX` a byte; a `%` that is followed by anything else stays.
  struct EncodedText: Sequence, IteratorProtocol {
    private let bytes: UnsafeRawBufferPointer
    private var index = 0

    init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    mutating func next() -> UInt8? {
      guard index < bytes.count else { return nil }
      let byte = bytes[index]
      index += 1
      guard byte == UInt8(ascii: "%") else { return byte == UInt8(ascii: "+") ? 0x20 : byte }
      guard index + 1 < bytes.count, let high = JSONBytes.hexDigit(bytes[index]),
        let low = JSONBytes.hexDigit(bytes[index + 1])
      else { return byte }
      index += 2
      return UInt8(high << 4 | low)
    }

    /// Whether the decoded bytes are the text.
    func isSame(_ text: String) -> Bool { elementsEqual(text.utf8) }

    /// The decoded text.
    var text: String { String(decoding: Array(self), as: UTF8.self) }
  }
}
