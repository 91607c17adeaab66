import NIOCore

/// The first line and the fields of a message.
struct MessageHead {
  /// The words of the first line.
  var words: [Substring]
  private var fields: [(name: String, value: String)] = []

  /// Reads a head without its empty line; `nil` if it is none.
  init?(_ text: String) {
    var lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)[...]
    guard let first = lines.popFirst() else { return nil }
    words = first.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
    guard words.count >= 2 else { return nil }
    for line in lines {
      guard let colon = line.firstIndex(of: ":"), colon > line.startIndex else { return nil }
      let value = line[line.index(after: colon)...].drop { $0 == " " }
      fields.append((line[..<colon].lowercased(), String(value)))
    }
  }

  /// The values of a field.
  func values(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

  /// The number that a field has.
  func number(_ name: String) -> Int? { values(name).first.flatMap { Int($0) } }

  /// The status of a response.
  var status: Int { Int(words[1]) ?? 0 }
}

/// Reads what the gateway sends: strict, slow, and none of the gateway's code, so that both cannot be wrong in the same way.
struct MessageReader {
  enum Part {
    case head(MessageHead)
    case body(ByteBuffer)
    case end
    case fault(String)
  }

  private enum State: Equatable { case head, length(Int), chunkSize, chunk(Int), chunkEnd, trailer, untilClose, end }

  private let readsRequests: Bool
  private var state = State.head
  private var bytes = ByteBuffer()
  /// The response that comes next is one to HEAD.
  var isHead = false

  init(readsRequests: Bool) { self.readsRequests = readsRequests }

  /// Bytes have come that are not read yet.
  var holdsBytes: Bool { bytes.readableBytes > 0 }
  /// Bytes of a message have come, and not all of it.
  var isInside: Bool { state != .head || holdsBytes }

  mutating func receive(_ more: ByteBuffer) {
    bytes.discardReadBytes()
    bytes.writeImmutableBuffer(more)
  }

  /// The connection has ended in order: says whether the message ended with it.
  mutating func close() -> Bool { state == .untilClose }

  /// The next part; `nil` if more must come before.
  mutating func next() -> Part? {
    switch state {
    case .head: return readHead()
    case .length(let left): return readData(left) { $0 == 0 ? .end : .length($0) }
    case .chunk(let left): return readData(left) { $0 == 0 ? .chunkEnd : .chunk($0) }
    case .untilClose: return bytes.readableBytes > 0 ? .body(take(bytes.readableBytes)) : nil
    case .chunkSize:
      guard let line = readLine() else { return nil }
      guard let size = Int(line.split(separator: ";").first ?? "", radix: 16), size >= 0 else {
        return .fault("chunk size \(line)")
      }
      state = size == 0 ? .trailer : .chunk(size)
      return next()
    case .chunkEnd:
      guard let line = readLine() else { return nil }
      state = .chunkSize
      return line.isEmpty ? next() : .fault("behind a chunk: \(line)")
    case .trailer:
      guard let line = readLine() else { return nil }
      if line.isEmpty { state = .end }
      return next()
    case .end:
      state = .head
      return .end
    }
  }

  private mutating func take(_ count: Int) -> ByteBuffer { bytes.readSlice(length: count) ?? ByteBuffer() }

  private mutating func readData(_ left: Int, then: (Int) -> State) -> Part? {
    guard bytes.readableBytes > 0 else { return nil }
    let piece = take(min(left, bytes.readableBytes))
    state = then(left - piece.readableBytes)
    return .body(piece)
  }

  private mutating func readLine() -> String? {
    guard let end = bytes.readableBytesView.firstIndex(of: 0x0A) else { return nil }
    let line = bytes.readString(length: end + 1 - bytes.readerIndex) ?? ""
    return line.hasSuffix("\r\n") ? String(line.dropLast(1)) : line + "?"
  }

  private mutating func readHead() -> Part? {
    guard let count = headLength else { return nil }
    let text = String(buffer: take(count - 4))
    bytes.moveReaderIndex(forwardBy: 4)
    guard let head = MessageHead(text) else { return .fault("no head: \(text)") }
    let (lengths, codings) = (head.values("content-length"), head.values("transfer-encoding"))
    guard lengths.count + codings.count <= 1 else { return .fault("framed twice: \(text)") }
    if !readsRequests, head.status < 200 { return .head(head) }
    state = .end
    if !readsRequests, isHead || head.status == 204 || head.status == 304 { return .head(head) }
    if let length = lengths.first {
      guard let count = Int(length), count >= 0 else { return .fault("length \(length)") }
      state = count == 0 ? .end : .length(count)
    } else if let coding = codings.first {
      guard coding == "chunked" else { return .fault("coding \(coding)") }
      state = .chunkSize
    } else if !readsRequests {
      state = .untilClose
    }
    return .head(head)
  }

  /// How long the head is, with its empty line.
  private var headLength: Int? {
    bytes.withUnsafeReadableBytes { all in
      guard all.count >= 4 else { return nil }
      for index in 3..<all.count where all[index] == 0x0A {
        if all[index - 1] == 0x0D, all[index - 2] == 0x0A, all[index - 3] == 0x0D { return index + 1 }
      }
      return nil
    }
  }
}
