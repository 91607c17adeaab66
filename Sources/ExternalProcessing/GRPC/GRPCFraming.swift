import NIOCore

/// Cuts the bytes of a gRPC stream into its messages.
///
/// Source: gRPC over HTTP/2, "Length-Prefixed-Message": a byte that says whether the message is compressed, four that say how long it is,
/// the message.
struct GRPCMessageReader {
  /// What comes next of a stream.
  enum Part: Equatable {
    case message(ByteBuffer)
    case needMore
    case fault(String)
  }

  /// A longer message is a fault.
  let maximumBytes: Int
  private var buffer = ByteBuffer()

  init(maximumBytes: Int) { self.maximumBytes = maximumBytes }

  /// Whether a message has begun that has not come whole.
  var isInside: Bool { buffer.readableBytes > 0 }

  mutating func receive(_ bytes: ByteBuffer) {
    var bytes = bytes
    if buffer.readableBytes == 0 { buffer = bytes } else { buffer.writeBuffer(&bytes) }
  }

  mutating func next() -> Part {
    guard let flag = buffer.getInteger(at: buffer.readerIndex, as: UInt8.self) else { return .needMore }
    // No coding was offered, so that none may be used.
    guard flag == 0 else { return .fault("a message is compressed, which was not offered") }
    guard let length = buffer.getInteger(at: buffer.readerIndex + 1, as: UInt32.self) else { return .needMore }
    guard length <= maximumBytes else { return .fault("a message has \(length) bytes; \(maximumBytes) are taken") }
    guard buffer.readableBytes >= 5 + Int(length) else { return .needMore }
    buffer.moveReaderIndex(forwardBy: 5)
    return .message(buffer.readSlice(length: Int(length)) ?? ByteBuffer())
  }

  /// A message as it goes over the wire.
  static func frame(_ message: [UInt8]) -> ByteBuffer {
    var buffer = ByteBufferAllocator().buffer(capacity: 5 + message.count)
    buffer.writeInteger(UInt8(0))
    buffer.writeInteger(UInt32(message.count))
    buffer.writeBytes(message)
    return buffer
  }
}
