import NIOCore

/// The end of a client's pipeline next to the socket: tells the client's handler that bytes came, before the decoder
/// has made anything of them, and keeps from the decoder what it would only pile up.
final class ArrivalHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let client: ClientHandler

  init(client: ClientHandler) { self.client = client }

  func handlerAdded(context: ChannelHandlerContext) { client.socketContext = context }

  func handlerRemoved(context: ChannelHandlerContext) { client.socketContext = nil }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data)
    guard client.takesBytes(bytes) else { return }
    context.fireChannelRead(data)
    client.nextHead.decodedAll(of: bytes)
  }
}
