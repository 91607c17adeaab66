/// A JSON document read whole, by recursion, with the members of its objects in their order. Its input must be valid; names and
/// strings stay as they are written.
public indirect enum OrderedDocument: Equatable {
  /// An object.
  case object([(name: String, value: OrderedDocument)])
  /// An array.
  case array([OrderedDocument])
  /// A string with its quotes, a number or a literal.
  case scalar(String)

  /// Reads a document; `nil` where the text is none.
  public init?(_ text: String) {
    var reader = Reader(bytes: Array(text.utf8))
    guard let value = reader.value(), reader.index == reader.bytes.count else { return nil }
    self = value
  }

  /// Whether both are written alike, but for white space.
  public static func == (left: OrderedDocument, right: OrderedDocument) -> Bool { "\(left)" == "\(right)" }

  private struct Reader {
    let bytes: [UInt8]
    var index = 0

    mutating func blanks() { while index < bytes.count, bytes[index] <= 0x20 { index += 1 } }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
      guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
      index += 1
      return true
    }

    mutating func value() -> OrderedDocument? {
      blanks()
      defer { blanks() }
      if take("{") {
        var members: [(name: String, value: OrderedDocument)] = []
        return list(until: "}") { reader in
          guard let name = reader.scalar() else { return false }
          reader.blanks()
          guard reader.take(":"), let value = reader.value() else { return false }
          members.append((String(name.dropFirst().dropLast()), value))
          return true
        } ? .object(members) : nil
      }
      if take("[") {
        var items: [OrderedDocument] = []
        return list(until: "]") { reader in
          guard let item = reader.value() else { return false }
          items.append(item)
          return true
        } ? .array(items) : nil
      }
      return scalar().map(OrderedDocument.scalar)
    }

    private mutating func list(until end: Unicode.Scalar, item: (inout Reader) -> Bool) -> Bool {
      blanks()
      if take(end) { return true }
      repeat {
        blanks()
        guard item(&self) else { return false }
        blanks()
      } while take(",")
      return take(end)
    }

    private mutating func scalar() -> String? {
      let start = index
      if take("\"") {
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") { index += bytes[index] == 0x5C ? 2 : 1 }
        guard take("\"") else { return nil }
      } else {
        while index < bytes.count, bytes[index] > 0x20, !",]}:".utf8.contains(bytes[index]) { index += 1 }
      }
      return start < index ? String(decoding: bytes[start..<index], as: UTF8.self) : nil
    }
  }
}
