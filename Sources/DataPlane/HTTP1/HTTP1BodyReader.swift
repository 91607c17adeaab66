import NIOCore
import Routing

/// Reads a body, of a request or of a response, up to its end: by length, in chunks with their trailer, or with the connection.
struct HTTP1BodyReader {
  /// The next part of the body.
  enum Step {
    /// None before more bytes come.
    case needMore
    /// Bytes of the body, so many of them data: all, but for ``relaysChunks``.
    case piece(ByteBuffer, data: Int)
    case end
    case fault(HTTP1Fault)
  }

  private enum State {
    case length(Int)
    case chunks
    case trailer
    case untilClose
  }

  /// Give chunks as they come, checked, with all framing up to and with the last chunk's line.
  var relaysChunks = false
  /// Reads the token counts of a response as it passes: here, where its data is plain, since chunks may be handed on as they came.
  var usage: UsageScanner?
  /// The fields behind the body, once it has ended; `nil` where there are none.
  private(set) var fields: FieldBlock?
  private var state = State.length(0)
  private var chunks = ChunkReader()
  private var trailer = TrailerReader()

  /// A body that is framed like this begins.
  mutating func begin(_ framing: BodyFraming) {
    (relaysChunks, usage) = (false, nil)
    fields = nil
    switch framing {
    case .none: state = .length(0)
    case .length(let length): state = .length(length)
    case .chunked: (state, chunks, trailer) = (.chunks, ChunkReader(), TrailerReader())
    case .untilClose: state = .untilClose
    }
  }

  /// Bytes that are left; `nil` when that is not known.
  var left: Int? {
    if case .length(let left) = state { return left }
    return nil
  }

  /// The body ends with the connection.
  var endsWithConnection: Bool {
    if case .untilClose = state { return true }
    return false
  }

  /// The next part. Behind the end and behind a fault nothing more is to be asked.
  mutating func next(_ input: inout HTTP1Input, _ limits: HTTP1Limits) -> Step {
    switch state {
    case .length(let left): return readLength(left, &input)
    case .chunks: return relaysChunks ? relayChunks(&input, limits) : readChunks(&input, limits)
    case .trailer: return readTrailer(&input, limits)
    case .untilClose: return input.count > 0 ? piece(input.count, &input) : .needMore
    }
  }

  private mutating func readLength(_ left: Int, _ input: inout HTTP1Input) -> Step {
    if left == 0 { return .end }
    guard input.count > 0 else { return .needMore }
    let count = min(left, input.count)
    state = .length(left - count)
    return piece(count, &input)
  }

  private mutating func readChunks(_ input: inout HTTP1Input, _ limits: HTTP1Limits) -> Step {
    while input.count > 0, !chunks.isInTrailer {
      switch input.look({ chunks.step($0, limits: limits) }) {
      case .framing(let count): input.consume(count)
      case .data(let count): return piece(count, &input)
      case .fault(let fault): return .fault(fault)
      }
    }
    guard chunks.isInTrailer else { return .needMore }
    state = .trailer
    return readTrailer(&input, limits)
  }

  private mutating func relayChunks(_ input: inout HTTP1Input, _ limits: HTTP1Limits) -> Step {
    var (count, data) = (0, 0)
    let fault = input.look { bytes -> HTTP1Fault? in
      while count < bytes.count, !chunks.isInTrailer {
        let before = chunks
        switch chunks.step(UnsafeRawBufferPointer(rebasing: bytes[count...]), limits: limits) {
        case .framing(let taken): count += taken
        case .data(let taken):
          usage?.scan(UnsafeRawBufferPointer(rebasing: bytes[count..<count + taken]))
          count += taken
          data += taken
        case .fault(let fault):
          chunks = before
          return fault
        }
      }
      return nil
    }
    // What is right before the fault goes out first, as it would have if it had come alone.
    if let fault, count == 0 { return .fault(fault) }
    if chunks.isInTrailer { state = .trailer }
    return count > 0 ? .piece(input.take(count), data: data) : .needMore
  }

  private mutating func readTrailer(_ input: inout HTTP1Input, _ limits: HTTP1Limits) -> Step {
    switch input.look({ trailer.look($0, limits: limits) }) {
    case .needMore: return .needMore
    case .end(let count, let fields):
      input.consume(count)
      self.fields = fields
      state = .length(0)
      return .end
    case .fault(let fault): return .fault(fault)
    }
  }

  private mutating func piece(_ count: Int, _ input: inout HTTP1Input) -> Step {
    if usage != nil { input.look { usage?.scan(UnsafeRawBufferPointer(rebasing: $0[..<count])) } }
    return .piece(input.take(count), data: count)
  }
}
