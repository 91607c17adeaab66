import Logging
import NIOCore
import Routing

/// A connection of a load balancer until it has told whose it is; then it is that client's, and what it speaks begins.
final class ProxyHeaderGate: RemovableChannelHandler, BeginningHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private let loop: LoopContext
  private var client: ClientInfo
  var context: ChannelHandlerContext?
  var hasBegun = false
  private var reader = ProxyHeaderReader()
  private let deadline: ConnectionDeadline<Void>
  private var isDone = false

  init(loop: LoopContext, client: ClientInfo) {
    self.loop = loop
    self.client = client
    deadline = ConnectionDeadline(on: loop.eventLoop)
    deadline.onPassed { [unowned self] in fail(.timeout) }
  }

  func channelInactive(context: ChannelHandlerContext) {
    fail(.callerClosed)
    loop.remove(self)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { fail(.callerClosed) }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isDone else { return }
    switch reader.receive(unwrapInboundIn(data)) {
    case .needMore: break
    case .fault(let reason): fail(reason)
    case .header(let source): makeWay(for: source, context)
    }
  }

  func begin() {
    loop.add(self)
    if loop.isDraining { return closeNow() }
    deadline.set((), in: .seconds(loop.configuration.headerTimeoutSeconds))
  }

  private func makeWay(for source: String?, _ context: ChannelHandlerContext) {
    end()
    if let source { client.address = source }
    do {
      try ProxyPipeline.configureKnownClient(context.channel, loop: loop, client: client)
    } catch {
      return context.close(promise: nil)
    }
    if reader.rest.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(reader.rest)) }
    context.pipeline.syncOperations.removeHandler(self, promise: nil)
  }

  private func fail(_ reason: ProxyHeaderFailure.Reason) {
    guard !isDone else { return }
    end()
    loop.observer.proxyHeaderFailed(ProxyHeaderFailure(reason, listenerPort: client.listenerPort))
    loop.logger.debug(
      "no PROXY header",
      metadata: [
        "reason": "\(reason.rawValue)", "port": "\(client.listenerPort)", "caller": "\(client.address ?? "-")",
      ])
    context?.close(promise: nil)
  }

  private func end() {
    isDone = true
    deadline.cancel()
    loop.remove(self)
  }
}

extension ProxyHeaderGate: ClientConnection {
  /// Nothing was asked yet, and nothing can be any more.
  func drain() { closeNow() }

  func closeNow() {
    isDone = true
    deadline.cancel()
    context?.close(promise: nil)
  }
}
