import NIOCore
import Routing

/// The bytes of a request's body: inspected until the model is known, kept until a response begins.
///
/// A piece is a part of the buffer that was read, and keeps all of it. Small pieces are therefore copied together:
/// else a body in chunks of a byte would hold many times its size.
struct RequestBody {
  /// Pieces below this are copied together where two of them follow each other.
  static let smallPiece = 1024

  /// What inspecting the body has shown.
  enum Inspection: Equatable {
    /// More of the body is needed.
    case needMore
    /// The decision can be taken, with this model.
    case known(model: String?)
    /// The body cannot be routed; the message says where and why.
    case invalid(String)
  }

  /// The pieces to send to an endpoint, with the model already rewritten.
  private(set) var pieces: [ByteBuffer] = []
  /// Bytes received from the client.
  private(set) var receivedBytes = 0
  /// The bytes that a rewritten model adds to the body, negative when it takes some away.
  private(set) var lengthChange = 0
  /// The last piece is a buffer of our own that nobody else holds, so that more can be written to its end.
  private var endIsOwn = false
  private var isReleased = false
  /// The body names a model twice: which of the two the endpoint would take is not known.
  private(set) var hasSecondModel = false
  private var scanner: ModelNameScanner?
  private var rest: SecondModelScanner?
  private var modelRange: Range<Int>?
  private let isStrict: Bool

  /// `inspects`: look for the model; `isStrict`: what is not JSON is an error, since the client said that it is.
  init(inspects: Bool, isStrict: Bool) {
    scanner = inspects ? ModelNameScanner() : nil
    self.isStrict = isStrict
  }

  /// Adds a piece without inspecting it.
  mutating func append(_ piece: ByteBuffer) {
    receivedBytes += piece.readableBytes
    if rest != nil { lookForSecondModel(in: piece) }
    guard !isReleased else { return }
    // Not the last piece itself: holding it would make writing to it a copy.
    let lastCount = pieces.last?.readableBytes ?? .max
    let limit = endIsOwn ? 64 * Self.smallPiece : Self.smallPiece
    guard piece.readableBytes < Self.smallPiece, lastCount < limit else {
      endIsOwn = false
      return pieces.append(piece)
    }
    if !endIsOwn { ownEnd() }
    pieces[pieces.count - 1].writeImmutableBuffer(piece)
  }

  /// Replaces the last piece by a copy with room behind it.
  private mutating func ownEnd() {
    var end = ByteBufferAllocator().buffer(capacity: 4 * Self.smallPiece)
    end.writeImmutableBuffer(pieces[pieces.count - 1])
    pieces[pieces.count - 1] = end
    endIsOwn = true
  }

  /// All pieces, to be sent: from now on they are not only ours.
  mutating func takeAll() -> [ByteBuffer] {
    endIsOwn = false
    return pieces
  }

  /// Adds a piece and looks on for the model.
  mutating func inspect(_ piece: ByteBuffer) -> Inspection {
    append(piece)
    guard scanner != nil else { return .needMore }
    let result = piece.withUnsafeReadableBytes { scanner?.scan($0) ?? .needMore }
    if case .found(_, let range) = result {
      rest = SecondModelScanner()
      // The scanner stops in the piece in which the name ends.
      lookForSecondModel(in: piece, from: piece.readableBytes - (receivedBytes - range.upperBound))
    }
    return conclude(result)
  }

  private mutating func lookForSecondModel(in piece: ByteBuffer, from start: Int = 0) {
    hasSecondModel = piece.withUnsafeReadableBytes { bytes in
      rest?.scan(UnsafeRawBufferPointer(rebasing: bytes[start...])) ?? false
    }
  }

  /// The body has ended: what has not been found is not there.
  mutating func inspectEnd() -> Inspection {
    guard receivedBytes > 0, let result = scanner?.finish() else { return .known(model: nil) }
    return conclude(result)
  }

  private mutating func conclude(_ result: ModelNameScanner.Result) -> Inspection {
    switch result {
    case .needMore: return .needMore
    case .found(let name, let range):
      modelRange = range
      return .known(model: name)
    case .absent: return .known(model: nil)
    case .notAString(let range):
      guard isStrict else { return .known(model: nil) }
      return .invalid(
        "The value of \"model\" at byte \(range.lowerBound) of the request body is not a string. "
          + "Write the model's name as a JSON string.")
    case .malformed(let offset, let reason):
      guard isStrict else { return .known(model: nil) }
      return .invalid("The request body is not valid JSON at byte \(offset): \(reason). Send one JSON object.")
    }
  }

  /// Puts `name` in place of the model found; the rest of the body stays as it is.
  mutating func rewriteModel(to name: String) {
    guard let range = modelRange else { return }
    modelRange = nil
    endIsOwn = false
    let replacement = ByteBuffer(bytes: ModelNameScanner.rewritten(name))
    lengthChange = replacement.readableBytes - range.count
    pieces = slice(0..<range.lowerBound) + [replacement] + slice(range.upperBound..<receivedBytes)
  }

  /// Forgets the pieces and keeps none from now on; called when no other endpoint will need them.
  mutating func release() {
    isReleased = true
    endIsOwn = false
    pieces.removeAll()
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
