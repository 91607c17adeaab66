package import DataPlane
package import NIOCore
import Routing

/// What a codec made of bytes, for people to read and to compare with what another made of them.
package struct CodecTrace: Equatable {
  /// A message, as far as it was read.
  package struct Message: Equatable {
    /// The first line; of a response without its reason.
    package var start: String
    /// `name: value`, one a field.
    package var fields: [String]
    /// How the body is framed; `nil` where the codec does not tell.
    package var framing: BodyFraming?
    package var body: [UInt8] = []
    package var isWhole = false

    package init(start: String, fields: [String], framing: BodyFraming? = nil) {
      self.start = start
      self.fields = fields
      self.framing = framing
    }

    /// Whether the field is there, its name in lower case.
    package func has(_ name: String) -> Bool { fields.contains { $0.lowercased().hasPrefix(name + ":") } }
  }

  package var messages: [Message] = []
  /// Why nothing more was read.
  package var fault: HTTP1Fault?

  package init() {}

  /// What the codec makes of requests that come in these pieces.
  package init(requests pieces: [ByteBuffer], limits: HTTP1Limits = HTTP1Limits()) {
    var reader = HTTP1RequestReader(limits: limits)
    for piece in pieces {
      reader.receive(piece)
      read(&reader)
      if fault != nil { return }
    }
  }

  /// Takes the parts that the reader has.
  package mutating func read(_ reader: inout HTTP1RequestReader) {
    while true {
      switch reader.next() {
      case .needMore: return
      case .head(let framing, _): begin(reader.head.block, framing, isResponse: false)
      case .body(let piece): append(piece)
      case .end: end()
      case .fault(let found):
        fault = found
        return
      }
    }
  }

  /// What the codec makes of a response that comes in these pieces, and of the end of the connection behind it.
  package init(
    response pieces: [ByteBuffer], isHead: Bool = false, closes: Bool = true, limits: HTTP1Limits = HTTP1Limits()
  ) {
    var reader = HTTP1ResponseReader(limits: limits)
    reader.begin(isHead: isHead)
    for piece in pieces {
      reader.receive(piece)
      read(&reader)
      if fault != nil { return }
    }
    if closes, reader.close() { end() }
  }

  /// Takes the parts that the reader has.
  package mutating func read(_ reader: inout HTTP1ResponseReader) {
    while true {
      switch reader.next() {
      case .needMore: return
      case .interim:
        begin(reader.head.block, .none, isResponse: true)
        end()
      case .head(let framing): begin(reader.head.block, framing, isResponse: true)
      case .switched: begin(reader.head.block, .untilClose, isResponse: true)
      case .body(let piece, _): append(piece)
      case .end: end()
      case .fault(let found):
        fault = found
        return
      }
    }
  }

  /// Begins a message whose head the block holds.
  private mutating func begin(_ block: FieldBlock, _ framing: BodyFraming, isResponse: Bool) {
    let line = String(decoding: block.bytes.prefix { $0 != 0x0D }, as: UTF8.self)
    messages.append(
      Message(
        start: isResponse ? String(line.prefix(12)) : line,
        fields: block.fields.map { "\(block.text($0.name)): \(block.text($0.value))" }, framing: framing))
  }

  /// More of the last message's body.
  package mutating func append(_ piece: ByteBuffer) {
    guard !messages.isEmpty else { return }
    messages[messages.count - 1].body.append(contentsOf: piece.readableBytesView)
  }

  /// The last message has ended.
  package mutating func end() {
    guard !messages.isEmpty else { return }
    messages[messages.count - 1].isWhole = true
  }
}

extension CodecTrace: CustomStringConvertible {
  package var description: String {
    let lines = messages.map { message in
      let framing = message.framing.map { " \($0)" } ?? ""
      let body = String(decoding: message.body, as: UTF8.self).debugDescription
      return "\(message.start)\(framing) \(message.fields) \(body)\(message.isWhole ? "" : " …")"
    }
    return (lines + (fault.map { ["fault \($0)"] } ?? [])).joined(separator: "\n")
  }
}
