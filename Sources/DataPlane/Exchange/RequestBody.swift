import NIOCore
import Routing

/// The bytes of a request's body: inspected until the model is known, kept until a response begins.
///
/// A piece is a part of the buffer that was read, and keeps all of it. Small pieces are therefore copied together, and so are
/// those that are a small share of their buffer: else a body in chunks of a byte would hold many times its size.
struct RequestBody {
  /// Pieces below this are copied together where two of them follow each other.
  static let smallPiece = 1024
  /// A piece is copied out of a buffer of more than so many times its size.
  static let sparsePiece = 4

  /// The pieces to send to an endpoint, with the model already rewritten.
  private(set) var pieces: [ByteBuffer] = []
  /// Bytes received from the client.
  private(set) var receivedBytes = 0
  /// The bytes that a rewritten model adds to the body, negative when it takes some away.
  private(set) var lengthChange = 0
  /// The body came compressed and is sent as what comes out, since its model is rewritten.
  private(set) var isDecoded = false
  /// Somebody has put another body in its place; what still comes of the client's is dropped.
  private(set) var isReplaced = false
  /// Bytes to be sent of a decoded body, as far as it has come, or of one that was replaced.
  private(set) var sentBytes = 0
  /// The last piece is a buffer of our own that nobody else holds, so that more can be written to its end.
  private var endIsOwn = false
  /// The body is not kept any more: it cannot be sent again.
  private(set) var isReleased = false
  /// Bytes of memory that the pieces keep: of whole buffers, each counted once.
  private(set) var heldBytes = 0
  /// What the last piece has added to them, and the buffer that it lies in.
  private var end: (bytes: Int, buffer: UnsafeMutableRawPointer?) = (0, nil)
  private var inspector: RequestInspector

  /// `need` is what the rules ask of the body, `inspection` what its head allows, `maximumBytes` how much of it there may be
  /// when it is decoded. `storage` is an empty array whose memory is
  /// used.
  init(
    need: BodyNeed, inspection: BodyInspection, maximumBytes: Int = 64 << 20, storage: [ByteBuffer] = []
  ) {
    inspector = RequestInspector(need: need, inspection: inspection, maximumBytes: maximumBytes)
    pieces = storage
  }

  /// What is known of the body.
  var knowledge: RequestInspector.State { inspector.state }

  /// Why the request must not be served, if that has shown: which model the endpoint would take is not known.
  var fault: GatewayError? {
    if inspector.isSound { return nil }
    switch inspector.state {
    case .invalid(let message): return GatewayError(.invalidBody, message)
    case .tooLarge(let message): return GatewayError(.requestTooLarge, message)
    case .needMore, .known: return .duplicateModel
    }
  }

  /// Adds a piece and looks into it. Returns what is to be sent for it: the piece, or what came out of it.
  @discardableResult
  mutating func append(_ piece: ByteBuffer) -> ByteBuffer {
    receivedBytes += piece.readableBytes
    if isReplaced { return ByteBuffer() }
    piece.withUnsafeReadableBytes { inspector.take($0) }
    guard isDecoded else {
      keep(piece)
      return piece
    }
    let decoded = ByteBuffer(bytes: inspector.takeDecoded() ?? [])
    sentBytes += decoded.readableBytes
    keep(decoded)
    return decoded
  }

  private mutating func keep(_ piece: ByteBuffer) {
    guard !isReleased, piece.readableBytes > 0 else { return }
    let isSmall = piece.readableBytes < Self.smallPiece
    let isSparse = piece.readableBytes < piece.storageCapacity / Self.sparsePiece
    // Not the last piece itself: holding it would make writing to it a copy.
    let lastCount = pieces.last?.readableBytes ?? .max
    if endIsOwn, isSmall || isSparse, lastCount < 64 * Self.smallPiece { return writeToEnd(piece) }
    if !endIsOwn, isSmall, lastCount < Self.smallPiece {
      ownEnd()
      return writeToEnd(piece)
    }
    // The first piece, mostly the whole of a short prompt, may have a small buffer for itself: a copy costs more.
    let isCheap = pieces.isEmpty && piece.storageCapacity <= Self.sparsePiece * Self.smallPiece
    if isSparse && !isCheap { return keep(Self.copy(piece), isOwn: true) }
    keep(piece, isOwn: false)
  }

  private mutating func keep(_ piece: ByteBuffer, isOwn: Bool) {
    let buffer = piece.withVeryUnsafeBytesWithStorageManagement { $1.toOpaque() }
    end = (buffer == end.buffer ? 0 : piece.storageCapacity, buffer)
    heldBytes += end.bytes
    endIsOwn = isOwn
    pieces.append(piece)
  }

  /// Writes to the last piece, which is ours.
  private mutating func writeToEnd(_ piece: ByteBuffer) {
    let last = pieces.count - 1
    pieces[last].writeImmutableBuffer(piece)
    heldBytes += pieces[last].storageCapacity - end.bytes
    end = (pieces[last].storageCapacity, nil)
  }

  /// Replaces the last piece by a copy with room behind it.
  private mutating func ownEnd() {
    heldBytes -= end.bytes
    end = (0, nil)
    keep(Self.copy(pieces.removeLast()), isOwn: true)
  }

  private static func copy(_ piece: ByteBuffer) -> ByteBuffer {
    var copy = ByteBufferAllocator().buffer(capacity: max(piece.readableBytes, 4 * smallPiece))
    copy.writeImmutableBuffer(piece)
    return copy
  }

  /// All pieces, to be sent: from now on they are not only ours.
  mutating func takeAll() -> [ByteBuffer] {
    endIsOwn = false
    return pieces
  }

  /// The memory of the pieces of a body that is not kept any more; it has none left then.
  mutating func takeStorage() -> [ByteBuffer] {
    defer { pieces = [] }
    return pieces
  }

  /// The body has ended: what has not been found is not there.
  mutating func finish() { inspector.finish() }

  /// Puts `name` in place of the model found; the rest of the body stays as it is, but for its coding, which is undone. Says
  /// whether the body names a model.
  mutating func rewriteModel(to name: String) -> Bool {
    guard case .known(let facts) = inspector.state, let range = facts.modelRange else { return false }
    guard lengthChange == 0, !isDecoded else { return true }
    endIsOwn = false
    end.buffer = nil
    decode()
    let replacement = ByteBuffer(bytes: inspector.rewritten(name))
    lengthChange = replacement.readableBytes - range.count
    let bytes = pieces.reduce(0) { $0 + $1.readableBytes }
    pieces = slice(0..<range.lowerBound) + [replacement] + slice(range.upperBound..<bytes)
    sentBytes = bytes + lengthChange
    return true
  }

  /// Puts another body in place of all that has come and may still come.
  mutating func replace(with replacement: [ByteBuffer]) {
    release()
    isReleased = false
    isReplaced = true
    sentBytes = replacement.reduce(0) { $0 + $1.readableBytes }
    for piece in replacement where piece.readableBytes > 0 { keep(piece, isOwn: false) }
  }

  /// Puts what comes out of a compressed body in place of what has come of it.
  private mutating func decode() {
    guard var decoder = inspector.decoder else { return }
    isDecoded = true
    inspector.keepDecoded()
    let coded = pieces
    release()
    isReleased = false
    for piece in coded {
      var decoded: [UInt8] = []
      piece.withUnsafeReadableBytes { bytes in decoder.decode(bytes) { decoded.append(contentsOf: $0) } }
      keep(ByteBuffer(bytes: decoded))
    }
    endIsOwn = false
    end.buffer = nil
  }

  /// Forgets the pieces and keeps none from now on; called when no other endpoint will need them.
  mutating func release() {
    isReleased = true
    heldBytes = 0
    end = (0, nil)
    endIsOwn = false
    pieces.removeAll(keepingCapacity: pieces.count < 64)
  }

  /// The pieces of a range of the body, without copying.
  private func slice(_ range: Range<Int>) -> [ByteBuffer] {
    var result: [ByteBuffer] = []
    var start = 0
    for piece in pieces {
      let end = start + piece.readableBytes
      let part = range.clamped(to: start..<end)
      if !part.isEmpty, let bytes = piece.getSlice(at: piece.readerIndex + part.lowerBound - start, length: part.count)
      {
        result.append(bytes)
      }
      start = end
    }
    return result
  }
}
