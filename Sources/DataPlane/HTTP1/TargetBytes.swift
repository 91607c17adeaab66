import Routing

/// Which bytes the parts of a target may have, beyond what the codec lets pass anywhere.
///
/// Source: RFC 3986, sections 2.1, 3.2 and 3.3.
enum TargetBytes {
  /// Whether bytes may be a path: each `%` stands before two digits, and none of it encodes NUL, which what is written in C takes
  /// for the end.
  static func isPath(_ bytes: UnsafeRawBufferPointer) -> Bool { hasSoundEscapes(bytes) }

  /// Whether bytes name a host, and perhaps a port: no blanks, no user information, nothing of a path. A URI of `http` has a host
  /// (RFC 9110, section 4.2.1).
  static func isAuthority(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let isInBrackets = bytes.first == UInt8(ascii: "[")
    guard let end = isInBrackets ? bytes.firstIndex(of: UInt8(ascii: "]")) : bytes.firstIndex(of: colon) ?? bytes.count
    else { return false }
    let name = isInBrackets ? bytes[1..<end] : bytes[..<end]
    let port = isInBrackets ? bytes[(end + 1)...] : bytes[end...]
    return !name.isEmpty && name.allSatisfy { isOfName($0) || (isInBrackets && $0 == colon) } && hasSoundEscapes(bytes)
      && (port.isEmpty || (port.first == colon && port.dropFirst().allSatisfy(isDigit)))
  }

  private static let colon = UInt8(ascii: ":")

  /// What RFC 3986 lets stand in a name, but for the comma: it would be taken for a list.
  private static func isOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "%"), UInt8(ascii: "!"),
      UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "*"),
      UInt8(ascii: "+"), UInt8(ascii: ";"), UInt8(ascii: "="):
      true
    default: false
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

  private static func hasSoundEscapes(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var rest = bytes[...]
    while let percent = rest.firstIndex(of: UInt8(ascii: "%")) {
      guard percent + 2 < bytes.count else { return false }
      let (high, low) = (bytes[percent + 1], bytes[percent + 2])
      guard isHexDigit(high), isHexDigit(low), high != UInt8(ascii: "0") || low != UInt8(ascii: "0") else {
        return false
      }
      rest = bytes[(percent + 3)...]
    }
    return true
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    isDigit(byte) || UInt8(ascii: "a")...UInt8(ascii: "f") ~= byte | 0x20
  }
}
