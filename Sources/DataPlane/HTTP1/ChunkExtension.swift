/// Reads the extensions of a chunk behind their first semicolon: names, each with a value or without. Blanks around them
/// are bad, and understood by some only: they are refused.
///
/// Source: RFC 9112, section 7.1.1.
struct ChunkExtension {
  enum Step: Equatable { case goesOn, end, fault }

  private enum State { case nameStart, name, valueStart, value, quoted, escaped, quotedEnd }

  private var state = State.nameStart
  private var count = 0

  /// Takes the next byte; the end is the carriage return.
  mutating func take(_ byte: UInt8, limit: Int) -> Step {
    if byte == HTTP1Bytes.carriageReturn {
      return state == .name || state == .value || state == .quotedEnd ? .end : .fault
    }
    count += 1
    guard count <= limit, let next = next(byte) else { return .fault }
    state = next
    return .goesOn
  }

  private func next(_ byte: UInt8) -> State? {
    let isToken = HTTP1Bytes.isToken(byte)
    switch state {
    case .nameStart: return isToken ? .name : nil
    case .name:
      if byte == UInt8(ascii: "=") { return .valueStart }
      return isToken ? .name : Self.another(byte)
    case .valueStart: return byte == UInt8(ascii: "\"") ? .quoted : isToken ? .value : nil
    case .value: return isToken ? .value : Self.another(byte)
    case .quoted:
      if byte == UInt8(ascii: "\"") { return .quotedEnd }
      if byte == UInt8(ascii: "\\") { return .escaped }
      return HTTP1Bytes.isValue(byte) ? .quoted : nil
    case .escaped: return HTTP1Bytes.isValue(byte) ? .quoted : nil
    case .quotedEnd: return Self.another(byte)
    }
  }

  private static func another(_ byte: UInt8) -> State? { byte == UInt8(ascii: ";") ? .nameStart : nil }
}
