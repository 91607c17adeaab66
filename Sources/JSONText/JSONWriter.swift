/// What can be written as JSON: ``JSONValue`` and ``OrderedJSON``.
package protocol JSONWritable {
  /// Writes the value, with everything in it.
  func write(to writer: inout JSONWriter)
}

/// Writes JSON: the one place that knows its punctuation, its numbers and its escapes.
///
/// Strings are written in UTF-8; only what RFC 8259 demands is escaped. A double without a JSON form (infinite, or not a
/// number) is written as `null`, as JavaScript does.
package struct JSONWriter {
  /// How the text is laid out.
  package enum Layout: Sendable {
    /// No white space.
    case compact
    /// Two spaces a level, one member or item a line.
    case indented
  }

  /// What is written so far.
  package private(set) var bytes: [UInt8] = []
  private let layout: Layout
  private var level = 0

  private init(_ layout: Layout) { self.layout = layout }

  /// The text of a value in UTF-8.
  package static func bytes(of value: some JSONWritable, layout: Layout = .compact) -> [UInt8] {
    var writer = JSONWriter(layout)
    value.write(to: &writer)
    return writer.bytes
  }

  /// The text of a value.
  package static func text(of value: some JSONWritable, layout: Layout = .compact) -> String {
    String(decoding: bytes(of: value, layout: layout), as: UTF8.self)
  }

  /// A string as JSON writes it, with its quotes.
  package static func quoted(_ text: String) -> String {
    var bytes: [UInt8] = []
    append(text, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends a string as JSON writes it, with its quotes.
  package static func append(_ text: String, to bytes: inout [UInt8]) {
    var text = text
    bytes.append(UInt8(ascii: "\""))
    text.withUTF8 { appendEscaped($0, to: &bytes) }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Copies runs of bytes that need no escape in one go.
  private static func appendEscaped(_ text: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
    var runStart = 0
    for (index, byte) in text.enumerated() where byte < 0x20 || byte == 0x22 || byte == 0x5C {
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[runStart..<index]))
      appendEscape(of: byte, to: &bytes)
      runStart = index + 1
    }
    bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[runStart...]))
  }

  private static func appendEscape(of byte: UInt8, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\\"))
    switch byte {
    case 0x0A: bytes.append(UInt8(ascii: "n"))
    case 0x0D: bytes.append(UInt8(ascii: "r"))
    case 0x09: bytes.append(UInt8(ascii: "t"))
    case 0x08: bytes.append(UInt8(ascii: "b"))
    case 0x0C: bytes.append(UInt8(ascii: "f"))
    case 0..<0x20:
      bytes.append(contentsOf: "u00".utf8)
      bytes.append(UInt8(ascii: "0") + byte >> 4)
      bytes.append((byte & 15 < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10) + byte & 15)
    default: bytes.append(byte)
    }
  }

  /// Writes `null`, `true`, `false` or the digits of a number.
  mutating func writeBare(_ text: String) { bytes.append(contentsOf: text.utf8) }

  mutating func write(_ number: Double) { writeBare(number.isFinite ? String(number) : "null") }

  mutating func write(_ text: String) { Self.append(text, to: &bytes) }

  mutating func write(_ items: [some JSONWritable]) {
    writeLines(items, open: UInt8(ascii: "["), close: UInt8(ascii: "]")) { $1.write(to: &$0) }
  }

  /// Writes an object with its members in the order given.
  mutating func write<Member>(members: [Member], name: (Member) -> String, value: (Member) -> some JSONWritable) {
    writeLines(members, open: UInt8(ascii: "{"), close: UInt8(ascii: "}")) { writer, member in
      writer.write(name(member))
      writer.bytes.append(UInt8(ascii: ":"))
      if writer.layout == .indented { writer.bytes.append(UInt8(ascii: " ")) }
      value(member).write(to: &writer)
    }
  }

  private mutating func writeLines<Element>(
    _ elements: [Element], open: UInt8, close: UInt8, each: (inout JSONWriter, Element) -> Void
  ) {
    bytes.append(open)
    level += 1
    for (index, element) in elements.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      breakLine()
      each(&self, element)
    }
    level -= 1
    if !elements.isEmpty { breakLine() }
    bytes.append(close)
  }

  private mutating func breakLine() {
    guard layout == .indented else { return }
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * level))
  }
}

extension JSONValue: JSONWritable {
  /// Members are written sorted by name, so that equal values always give equal bytes.
  package func write(to writer: inout JSONWriter) {
    switch self {
    case .null: writer.writeBare("null")
    case .bool(let flag): writer.writeBare(flag ? "true" : "false")
    case .integer(let number): writer.writeBare(String(number))
    case .number(let number): writer.write(number)
    case .string(let text): writer.write(text)
    case .array(let items): writer.write(items)
    case .object(let members):
      writer.write(members: members.sorted { $0.key < $1.key }, name: \.key, value: \.value)
    }
  }
}
