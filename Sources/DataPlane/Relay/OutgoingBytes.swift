import NIOCore

/// What is written to one channel: small writes that follow each other leave as one.
///
/// A class: a channel may call back while it takes bytes, and what calls back may write.
final class OutgoingBytes {
  /// Pieces above this are written as they are: copying them would cost more than a further entry in the system's list.
  static let joinedPieceLimit = 16 << 10

  private let scratch: ScratchBuffers
  private var joined: ByteBuffer?
  private(set) var isDirty = false

  init(scratch: ScratchBuffers) { self.scratch = scratch }

  /// Writes by `body`.
  func write(_ body: (inout ByteBuffer) -> Void) {
    var buffer = joined ?? scratch.take()
    joined = nil
    body(&buffer)
    joined = buffer
    isDirty = true
  }

  /// Writes a piece.
  func write(_ piece: ByteBuffer, to context: ChannelHandlerContext?) {
    isDirty = true
    if piece.readableBytes <= Self.joinedPieceLimit {
      var buffer = joined ?? scratch.take()
      joined = nil
      buffer.writeImmutableBuffer(piece)
      joined = buffer
      if buffer.readableBytes > 4 * Self.joinedPieceLimit { passOn(to: context) }
    } else {
      passOn(to: context)
      context?.write(NIOAny(piece), promise: nil)
    }
  }

  /// Writes a piece as a chunk.
  func writeChunk(_ piece: ByteBuffer, to context: ChannelHandlerContext?) {
    guard piece.readableBytes > 0 else { return }
    write { out in
      out.writeString(String(piece.readableBytes, radix: 16))
      out.writeStaticString("\r\n")
    }
    write(piece, to: context)
    write { _ = $0.writeStaticString("\r\n") }
  }

  /// Hands all to the channel and has it sent.
  func flush(_ context: ChannelHandlerContext?, promise: EventLoopPromise<Void>? = nil) {
    guard isDirty || promise != nil else { return }
    isDirty = false
    guard let context else {
      promise?.succeed()
      return
    }
    if let buffer = joined {
      joined = nil
      context.writeAndFlush(NIOAny(buffer), promise: promise)
      scratch.giveBack(buffer)
    } else if let promise {
      context.writeAndFlush(NIOAny(ByteBuffer()), promise: promise)
    } else {
      context.flush()
    }
  }

  /// Has all sent, then ends this side of the connection. An end that NIO is asked for while it still has bytes, or is just writing
  /// them, would take along what TLS says at its end if the other side has ended.
  func shut(_ context: ChannelHandlerContext?, then isShut: @escaping () -> Void = {}) {
    guard let context else { return }
    let promise = context.eventLoop.makePromise(of: Void.self)
    promise.futureResult.assumeIsolated().whenComplete { _ in
      context.eventLoop.assumeIsolated().execute {
        context.close(mode: .output, promise: nil)
        isShut()
      }
    }
    flush(context, promise: promise)
  }

  private func passOn(to context: ChannelHandlerContext?) {
    guard let buffer = joined else { return }
    joined = nil
    context?.write(NIOAny(buffer), promise: nil)
  }
}

extension ChannelHandlerContext {
  /// From now on the end of what comes is told as an event, and does not end the connection.
  func allowHalfClosure() {
    do {
      try channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: true)
    } catch {
      return  // A channel that knows no halves ends whole.
    }
  }

  /// Bytes that were written and that the system has not taken.
  var unsentBytes: Int {
    do {
      return try channel.syncOptions?.getOption(.bufferedWritableBytes) ?? 0
    } catch {
      return 0  // A channel that cannot tell is judged by its writability alone.
    }
  }
}

/// Buffers that the connections of one event loop write into, one after another.
final class ScratchBuffers {
  private var free: [ByteBuffer] = []
  private static let capacity = 8 << 10

  /// An empty buffer.
  func take() -> ByteBuffer { free.popLast() ?? ByteBufferAllocator().buffer(capacity: Self.capacity) }

  /// Takes a buffer to be used again. One that the channel still holds is left to it.
  func giveBack(_ buffer: consuming ByteBuffer) {
    guard free.count < 16, buffer.capacity <= 4 * OutgoingBytes.joinedPieceLimit else { return }
    buffer.clear(minimumCapacity: 0)
    if buffer.capacity >= Self.capacity { free.append(buffer) }
  }
}
