import NIOCore

/// Tells the client's handler that bytes came, before the decoder has made anything of them: a head that never
/// becomes whole must not hold a connection for ever.
final class ArrivalHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let client: ClientHandler

  init(client: ClientHandler) { self.client = client }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    client.bytesArrived()
    context.fireChannelRead(data)
  }
}
