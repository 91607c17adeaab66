import Routing

/// What may stand in the head of a message.
enum HTTPText {
  /// Whether the text is a name of a header or a method.
  ///
  /// Source: RFC 9110, section 5.6.2.
  static func isToken(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy {
        switch $0 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "!#$%&'*+-.^_`|~".utf8.contains($0)
        }
      }
  }

  /// The value of a header without the blanks around it; `nil` where nothing is left, and for control characters, with
  /// which a value would end its header, or the head.
  ///
  /// Source: RFC 9110, section 5.5.
  static func fieldValue(_ text: String) -> String? {
    let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    let bytes = text.utf8.drop(while: isBlank)
    guard let last = bytes.lastIndex(where: { !isBlank($0) }) else { return nil }
    let value = bytes[...last]
    return value.allSatisfy { ($0 >= 0x20 && $0 != 0x7F) || $0 == UInt8(ascii: "\t") } ? String(Substring(value)) : nil
  }

  /// Whether a header concerns a connection, or the frame of a message, and so is the gateway's to make.
  static func belongsToConnection(_ name: String) -> Bool {
    var name = name
    let field = name.withUTF8 { KnownField.find(UnsafeRawBufferPointer($0)) }
    return field.isHopByHop || field == .contentLength || field == .expect
  }

  /// Whether the text is a host name or an IPv4 address.
  static func isHostname(_ text: some StringProtocol) -> Bool {
    text.utf8.count <= 253
      && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
        !label.isEmpty && label.first != "-" && label.last != "-"
          && label.utf8.allSatisfy { $0 == UInt8(ascii: "-") || isLetterOrDigit($0) }
      }
  }

  /// Whether the text is a host as the header `Host` has it: a name or an address, an IPv6 one in brackets, with or without
  /// a port.
  static func isHost(_ text: String) -> Bool {
    var name = text[...]
    if let colon = text.lastIndex(of: ":"), !text.hasSuffix("]") {
      guard isPort(text[text.index(after: colon)...]) else { return false }
      name = text[..<colon]
    }
    if name.hasPrefix("["), name.hasSuffix("]") {
      let address = name.dropFirst().dropLast()
      return address.contains(":") && address.utf8.allSatisfy { ".:".utf8.contains($0) || isHexadecimal($0) }
    }
    return isHostname(name)
  }

  /// Whether the text is a port, 1 to 65535.
  static func isPort(_ text: some StringProtocol) -> Bool {
    (1...5).contains(text.utf8.count) && text.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
      && (Int(text).map { (1...65535).contains($0) } ?? false)
  }

  /// Whether the text is a path as a request line has it, without a query. The empty text is none.
  static func isPath(_ text: String) -> Bool {
    text.hasPrefix("/") && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"?#".utf8.contains($0) }
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    UInt8(ascii: "a")...UInt8(ascii: "f") ~= byte | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
  }
}
