import NIOCore

/// The other side's end of a channel in memory: it takes bytes, or leaves them with the gateway, as a socket whose peer reads
/// nothing does; and it knows whether the gateway wants to read.
final class PeerEnd: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer

  /// Above this the gateway is told that the channel is not writable, and below half of it that it is again.
  static let highWater = 64 << 10

  /// The gateway wants to read.
  private(set) var isAsked = false
  /// Bytes that it has written and nobody has taken.
  private(set) var pendingBytes = 0
  /// The gateway has said that it will write no more.
  private(set) var isOutputClosed = false
  private var pending: [(data: NIOAny, promise: EventLoopPromise<Void>?)] = []
  private var isBlocked = false
  private var context: ChannelHandlerContext?
  private let setWritable: (Bool) -> Void

  init(setWritable: @escaping (Bool) -> Void) { self.setWritable = setWritable }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
    giveUp()
  }

  func channelInactive(context: ChannelHandlerContext) {
    giveUp()
    context.fireChannelInactive()
  }

  /// Takes nothing from now on, or what is there and all that comes.
  func setBlocked(_ isBlocked: Bool) {
    self.isBlocked = isBlocked
    guard !isBlocked, let context else { return }
    let all = pending
    pending = []
    for (data, promise) in all { context.write(data, promise: promise) }
    context.flush()
    let wasFull = pendingBytes > Self.highWater
    pendingBytes = 0
    if wasFull { tell(true) }
  }

  /// Brings bytes to the gateway, if it wants to read.
  func deliver(_ pieces: [ByteBuffer]) -> Bool {
    guard let context, context.channel.isActive else { return false }
    if !isAsked { context.channel.read() }
    guard isAsked else { return false }
    isAsked = false
    for piece in pieces { context.fireChannelRead(NIOAny(piece)) }
    context.fireChannelReadComplete()
    return true
  }

  func read(context: ChannelHandlerContext) { isAsked = true }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    if isOutputClosed { return promise?.fail(ChannelError.outputClosed) ?? () }
    guard isBlocked else { return context.write(data, promise: promise) }
    let isFull = pendingBytes > Self.highWater
    pendingBytes += unwrapOutboundIn(data).readableBytes
    pending.append((data, promise))
    if !isFull, pendingBytes > Self.highWater { tell(false) }
  }

  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    guard mode == .output else { return context.close(mode: mode, promise: promise) }
    isOutputClosed = true
    promise?.succeed()
  }

  private func tell(_ isWritable: Bool) {
    setWritable(isWritable)
    context?.fireChannelWritabilityChanged()
  }

  private func giveUp() {
    let all = pending
    (pending, pendingBytes) = ([], 0)
    for (_, promise) in all { promise?.fail(ChannelError.ioOnClosedChannel) }
  }
}
