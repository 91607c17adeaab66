/// Reads a URL's query the way HTML forms write it.
///
/// Source: WHATWG URL, "application/x-www-form-urlencoded parsing".
enum QueryText {
  /// The decoded value of the first parameter of this name; empty for a parameter without `=`.
  static func firstValue(of name: String, in query: String) -> String? {
    for part in query.utf8.split(separator: UInt8(ascii: "&")) {
      let equals = part.firstIndex(of: UInt8(ascii: "=")) ?? part.endIndex
      guard decoded(part[..<equals]).elementsEqual(name.utf8) else { continue }
      return String(decoding: decoded(part[equals...].dropFirst()), as: UTF8.self)
    }
    return nil
  }

  /// `+` becomes a space and `%XX` a byte; a `%` that is followed by anything else stays.
  private static func decoded(_ text: Substring.UTF8View) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count)
    var rest = text
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "+"): bytes.append(0x20)
      case UInt8(ascii: "%"):
        let digits = rest.prefix(2).compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        if digits.count == 2 {
          bytes.append(UInt8(digits[0] << 4 | digits[1]))
          rest = rest.dropFirst(2)
        } else {
          bytes.append(byte)
        }
      default: bytes.append(byte)
      }
    }
    return bytes
  }
}
