/// Reads what stands behind the first word of `Content-Type` and `Content-Disposition`, one `; name=value` after another.
///
/// Source: RFC 2045, section 5.1. What parsers read differently is a fault: blanks beside `=`, text behind a value, a
/// quote without its end.
struct MIMEParameters {
  /// A parameter.
  struct Parameter {
    var name: UnsafeRawBufferPointer
    /// The value without its quotes, escapes decoded.
    var value: [UInt8]
    /// A backslash was in it: parsers do not agree on which of them are escapes.
    var hasEscapes: Bool
  }

  /// What comes next.
  enum Next {
    case parameter(Parameter)
    case end
    case fault
  }

  /// The word before the parameters, without blanks around it.
  let word: UnsafeRawBufferPointer
  private let bytes: UnsafeRawBufferPointer
  private var index: Int

  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
    index = bytes.firstIndex(of: UInt8(ascii: ";")) ?? bytes.count
    word = ASCIIBytes.trimmed(UnsafeRawBufferPointer(rebasing: bytes[..<index]))
  }

  mutating func next() -> Next {
    while index < bytes.count, bytes[index] == UInt8(ascii: ";") || ASCIIBytes.isBlank(bytes[index]) { index += 1 }
    guard index < bytes.count else { return .end }
    let start = index
    while index < bytes.count, Self.isToken(bytes[index]), bytes[index] != UInt8(ascii: "=") { index += 1 }
    guard index > start, index < bytes.count, bytes[index] == UInt8(ascii: "=") else { return .fault }
    let name = UnsafeRawBufferPointer(rebasing: bytes[start..<index])
    index += 1
    var parameter = Parameter(name: name, value: [], hasEscapes: false)
    let isWhole = index < bytes.count && bytes[index] == UInt8(ascii: "\"") ? quoted(&parameter) : token(&parameter)
    while index < bytes.count, ASCIIBytes.isBlank(bytes[index]) { index += 1 }
    guard isWhole, index == bytes.count || bytes[index] == UInt8(ascii: ";") else { return .fault }
    return .parameter(parameter)
  }

  private mutating func token(_ parameter: inout Parameter) -> Bool {
    let start = index
    while index < bytes.count, Self.isToken(bytes[index]) { index += 1 }
    parameter.value = Array(bytes[start..<index])
    return index > start
  }

  private mutating func quoted(_ parameter: inout Parameter) -> Bool {
    index += 1
    while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
      if bytes[index] == UInt8(ascii: "\\") {
        parameter.hasEscapes = true
        index += 1
        guard index < bytes.count else { return false }
      }
      parameter.value.append(bytes[index])
      index += 1
    }
    guard index < bytes.count else { return false }
    index += 1
    return true
  }

  /// What may stand outside quotes: more than in RFC 2045, as clients write more.
  private static func isToken(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte != 0x7F && byte != UInt8(ascii: ";") && byte != UInt8(ascii: "\"")
  }
}

extension MIMEParameters {
  /// The boundary that a `Content-Type` of a form declares; `nil` without one that holds (RFC 2046, section 5.1.1).
  static func boundary(_ type: UnsafeRawBufferPointer) -> [UInt8]? {
    var parameters = MIMEParameters(type)
    var boundary: [UInt8]?
    while true {
      switch parameters.next() {
      case .fault: return nil
      case .end: return boundary
      case .parameter(let parameter):
        if ASCIIBytes.hasPrefix(parameter.name, "boundary*") { return nil }
        guard ASCIIBytes.isSame(parameter.name, "boundary") else { continue }
        let value = parameter.value
        let isSound =
          boundary == nil && !parameter.hasEscapes && (1...70).contains(value.count) && value.last != 0x20
          && value.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
        guard isSound else { return nil }
        boundary = value
      }
    }
  }
}
