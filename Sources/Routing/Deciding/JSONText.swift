/// A JSON value on its way out: this module writes JSON and reads it by scanner only.
indirect enum JSONText {
  case string(String)
  case integer(Int)
  case null
  case array([JSONText])
  case object([(String, JSONText)])

  /// Appends `text` as a JSON string with its quotes.
  static func append(_ text: String, to bytes: inout [UInt8]) {
    let digits = Array("0123456789abcdef".utf8)
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case 0x0A: bytes += Array("\\n".utf8)
      case 0x0D: bytes += Array("\\r".utf8)
      case 0x09: bytes += Array("\\t".utf8)
      case 0..<0x20: bytes += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Appends the value on one line.
  func appendCompact(to bytes: inout [UInt8]) {
    switch self {
    case .string(let text): Self.append(text, to: &bytes)
    case .integer(let number): bytes += Array(String(number).utf8)
    case .null: bytes += Array("null".utf8)
    case .array(let elements):
      bytes.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        element.appendCompact(to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      bytes.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        Self.append(member.0, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        member.1.appendCompact(to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  /// Appends the value for a reader: two spaces a level, one member a line.
  func appendIndented(to bytes: inout [UInt8], level: Int = 0) {
    switch self {
    case .array(let elements) where !elements.isEmpty:
      Self.appendLines(elements, "[", "]", to: &bytes, level: level) { $0.appendIndented(to: &$1, level: level + 1) }
    case .object(let members) where !members.isEmpty:
      Self.appendLines(members, "{", "}", to: &bytes, level: level) { member, bytes in
        Self.append(member.0, to: &bytes)
        bytes += Array(": ".utf8)
        member.1.appendIndented(to: &bytes, level: level + 1)
      }
    default: appendCompact(to: &bytes)
    }
  }

  private static func appendLines<Element>(
    _ elements: [Element], _ open: String, _ close: String, to bytes: inout [UInt8], level: Int,
    _ append: (Element, inout [UInt8]) -> Void
  ) {
    bytes += Array(open.utf8)
    for (index, element) in elements.enumerated() {
      bytes += Array((index > 0 ? ",\n" : "\n").utf8)
      bytes += Array(repeating: UInt8(ascii: " "), count: 2 * (level + 1))
      append(element, &bytes)
    }
    bytes += Array("\n".utf8) + Array(repeating: UInt8(ascii: " "), count: 2 * level) + Array(close.utf8)
  }
}
