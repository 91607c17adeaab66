import NIOCore
import NIOHTTP1
import Routing

/// The end of a connection to an endpoint; hands what comes to the client's connection that uses it.
final class UpstreamHandler: ChannelInboundHandler, ChannelOutboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundIn = HTTPClientRequestPart
  typealias OutboundOut = HTTPClientRequestPart

  private var context: ChannelHandlerContext?
  private var owner: ClientHandler?
  private var resting: (pool: UpstreamPool, address: EndpointID)?
  private var isReading = true
  private var readIsWaiting = false

  /// Whether the connection stands.
  var isActive: Bool { context?.channel.isActive ?? false }

  /// From now on `owner` uses the connection.
  func take(_ owner: ClientHandler) {
    self.owner = owner
    resting = nil
  }

  /// Nobody uses the connection any more.
  func release() {
    owner = nil
    setReading(true)
  }

  /// The connection rests; a close takes it out of the pool.
  func rest(in pool: UpstreamPool, address: EndpointID) {
    resting = (pool, address)
  }

  /// Writes without flushing.
  func write(_ part: HTTPClientRequestPart) {
    context?.write(wrapOutboundOut(part), promise: nil)
  }

  /// Sends what was written.
  func flush() { context?.flush() }

  /// Closes the connection.
  func close() { context?.close(promise: nil) }

  /// Whether bytes may be read; the other half of back-pressure towards the endpoint.
  func setReading(_ reads: Bool) {
    isReading = reads
    guard reads, readIsWaiting else { return }
    readIsWaiting = false
    context?.read()
  }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func read(context: ChannelHandlerContext) {
    if isReading { context.read() } else { readIsWaiting = true }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard let owner else { return context.close(promise: nil) }
    owner.upstreamRead(unwrapInboundIn(data), from: self)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    owner?.upstreamReadComplete()
    context.fireChannelReadComplete()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    owner?.upstreamWritability(context.channel.isWritable)
    context.fireChannelWritabilityChanged()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    lost("\(error)")
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    lost("it closed the connection")
    context.fireChannelInactive()
  }

  private func lost(_ reason: String) {
    if let resting { resting.pool.forget(self, resting.address) }
    resting = nil
    owner?.upstreamLost(GatewayError(.noResponse, reason), from: self)
  }
}
