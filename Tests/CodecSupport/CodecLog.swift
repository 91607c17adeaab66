package import DataPlane
package import NIOCore
import Routing

/// What a codec read, as bytes that are the same however the message was cut. Reused, it allocates nothing.
package struct CodecLog: Equatable {
  private enum Mark: UInt8 { case head = 1, interim, body, end, fault, closed }

  /// The bytes so far.
  private var bytes: [UInt8] = []
  /// The bytes of a response's body as they were given.
  private var relayed: [UInt8] = []
  /// What was wrong, if anything.
  package private(set) var fault: HTTP1Fault?
  /// How many heads and ends of messages there were.
  package private(set) var heads = 0
  package private(set) var ends = 0

  package init() {}

  package static func == (left: CodecLog, right: CodecLog) -> Bool {
    left.bytes == right.bytes && left.fault == right.fault
  }

  /// Forgets everything but the memory.
  package mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    (fault, heads, ends) = (nil, 0, 0)
  }

  /// Reads requests that come in these pieces.
  package mutating func readRequests(_ pieces: [ByteBuffer], limits: HTTP1Limits) {
    var reader = HTTP1RequestReader(limits: limits)
    for piece in pieces {
      reader.receive(piece)
      reading: while true {
        switch reader.next() {
        case .needMore: break reading
        case .head(let framing, let hosts):
          note(reader.head.block, .head)
          note(Int(reader.head.method.count), Int(reader.head.path.count), Int(reader.head.version.rawValue))
          note(framing)
          note(hosts, 0, 0)
        case .body(let piece): piece.withUnsafeReadableBytes { bytes.append(contentsOf: $0) }
        case .end: noteEnd()
        case .fault(let found):
          note(found)
          return
        }
      }
    }
  }

  /// Reads one response that comes in these pieces, then the end of the connection.
  ///
  /// - Parameter relays: whether chunks are taken as they came. How much framing goes out before a fault depends on the
  ///   pieces; how much data does not.
  package mutating func readResponse(_ pieces: [ByteBuffer], isHead: Bool, relays: Bool, limits: HTTP1Limits) {
    var data = 0
    relayed.removeAll(keepingCapacity: true)
    var reader = HTTP1ResponseReader(limits: limits)
    reader.begin(isHead: isHead)
    for piece in pieces {
      reader.receive(piece)
      reading: while true {
        switch reader.next() {
        case .needMore: break reading
        case .interim: note(reader.head, .interim)
        case .switched:
          note(reader.head, .head)
          note(.untilClose)
        case .head(let framing):
          note(reader.head, .head)
          note(framing)
          reader.relaysChunks = relays && framing == .chunked
        case .body(let piece, let count):
          data += count
          piece.withUnsafeReadableBytes { relayed.append(contentsOf: $0) }
        case .end: noteEnd()
        case .fault(let found):
          if !relays { bytes.append(contentsOf: relayed) }
          note(data, 0, 0)
          note(found)
          return
        }
      }
    }
    bytes.append(contentsOf: relayed)
    note(data, 0, 0)
    if reader.close() { bytes.append(Mark.closed.rawValue) }
  }

  private mutating func note(_ block: FieldBlock, _ mark: Mark) {
    heads += 1
    bytes.append(mark.rawValue)
    bytes.append(contentsOf: block.bytes)
    for field in block.fields {
      note(Int(field.nameStart) << 16 | Int(field.nameCount), Int(field.valueStart), Int(field.valueCount))
      bytes.append(field.known.rawValue)
      bytes.append(field.isPlain ? 1 : 0)
    }
  }

  private mutating func note(_ head: ResponseHead, _ mark: Mark) {
    note(head.block, mark)
    note(head.status, Int(head.version.rawValue), 0)
  }

  private mutating func note(_ framing: BodyFraming) {
    switch framing {
    case .none: note(0, 0, 0)
    case .length(let length): note(1, length, 0)
    case .chunked: note(2, 0, 0)
    case .untilClose: note(3, 0, 0)
    }
  }

  private mutating func note(_ first: Int, _ second: Int, _ third: Int) {
    withUnsafeBytes(of: (first, second, third)) { bytes.append(contentsOf: $0) }
  }

  private mutating func noteEnd() {
    ends += 1
    bytes.append(Mark.end.rawValue)
  }

  private mutating func note(_ found: HTTP1Fault) {
    fault = found
    bytes.append(Mark.fault.rawValue)
  }
}
