/// Reads one JSON text, strictly as RFC 8259 has it: no comments, no trailing commas, no `01`, `+1`, `.5`, `1.` or `NaN`.
///
/// - Integers that fit 64 bits stay integers, so that a round trip changes no digit; other numbers are doubles.
/// - Of two members of one name the last one stays, as in the decoders of Go and Python.
/// - A lone surrogate (`"\ud800"`) and bytes that are no UTF-8 become U+FFFD, as in Go's decoder.
///
/// Source: https://www.rfc-editor.org/rfc/rfc8259
package struct JSONReader {
  /// How deep arrays and objects may be nested unless the caller says otherwise: no text can exhaust the stack.
  package static let defaultDepth = 256

  let bytes: [UInt8]
  var position = 0
  private let maximumDepth: Int
  private var depth = 0

  private init(_ bytes: [UInt8], maximumDepth: Int) {
    self.bytes = bytes
    self.maximumDepth = maximumDepth
  }

  /// The value of a whole JSON text.
  ///
  /// - Throws: `JSONSyntaxError` for anything that is not exactly one JSON value, white space around it aside.
  package static func parse(
    _ bytes: [UInt8], maximumDepth: Int = defaultDepth
  ) throws(JSONSyntaxError) -> JSONValue {
    var reader = JSONReader(bytes, maximumDepth: maximumDepth)
    let value = try reader.value()
    guard reader.next == nil else { throw reader.error(.trailing) }
    return value
  }

  /// The value of a whole JSON text.
  ///
  /// - Throws: `JSONSyntaxError`, with offsets in UTF-8.
  package static func parse(
    _ text: String, maximumDepth: Int = defaultDepth
  ) throws(JSONSyntaxError) -> JSONValue {
    try parse(Array(text.utf8), maximumDepth: maximumDepth)
  }

  /// The byte at the position; `nil` at the end.
  var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  /// The next byte that is no white space; `nil` at the end.
  private var next: UInt8? {
    mutating get {
      while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
      return current
    }
  }

  /// An error at the position, about something that began at `start`.
  func error(_ kind: JSONSyntaxError.Kind, start: Int? = nil) -> JSONSyntaxError {
    JSONSyntaxError(kind: kind, offset: position, byte: current, start: start ?? position, depth: depth)
  }

  /// Steps over the byte if it is the next one.
  mutating func take(_ byte: UInt8) -> Bool {
    guard current == byte else { return false }
    position += 1
    return true
  }

  private mutating func value() throws(JSONSyntaxError) -> JSONValue {
    switch next {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), .some(0x30...0x39): return try number()
    default: throw error(.value)
    }
  }

  private mutating func word(_ text: String, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
    let start = position
    for byte in text.utf8 {
      guard take(byte) else { throw error(.word(text, expected: byte), start: start) }
    }
    return value
  }

  private mutating func open() throws(JSONSyntaxError) {
    guard depth < maximumDepth else { throw error(.depth(maximumDepth)) }
    depth += 1
    position += 1
  }

  private mutating func object() throws(JSONSyntaxError) -> JSONValue {
    try open()
    var members: [String: JSONValue] = [:]
    if next != UInt8(ascii: "}") {
      repeat {
        guard next == UInt8(ascii: "\"") else { throw error(.name) }
        let name = try string()
        guard next == UInt8(ascii: ":") else { throw error(.colon) }
        position += 1
        members[name] = try value()
      } while try continues(until: UInt8(ascii: "}"), .memberSeparator)
    }
    position += 1
    depth -= 1
    return .object(members)
  }

  private mutating func array() throws(JSONSyntaxError) -> JSONValue {
    try open()
    var items: [JSONValue] = []
    if next != UInt8(ascii: "]") {
      repeat {
        items.append(try value())
      } while try continues(until: UInt8(ascii: "]"), .itemSeparator)
    }
    position += 1
    depth -= 1
    return .array(items)
  }

  /// Steps over a comma; stands before `end` when there is none.
  private mutating func continues(
    until end: UInt8, _ kind: JSONSyntaxError.Kind
  ) throws(JSONSyntaxError) -> Bool {
    let byte = next
    if byte == UInt8(ascii: ",") {
      position += 1
      return true
    }
    guard byte == end else { throw error(kind) }
    return false
  }
}
