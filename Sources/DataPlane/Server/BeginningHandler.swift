import NIOCore

/// The last handler of a connection's channel, which begins when both are there: the channel is active, and it stands in its pipeline.
protocol BeginningHandler: ChannelInboundHandler {
  var context: ChannelHandlerContext? { get set }
  var hasBegun: Bool { get set }
  /// Called once.
  func begin()
}

extension BeginningHandler {
  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    if context.channel.isActive { beginOnce() }
  }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func channelActive(context: ChannelHandlerContext) {
    beginOnce()
    context.fireChannelActive()
  }

  private func beginOnce() {
    guard !hasBegun else { return }
    hasBegun = true
    begin()
  }
}
