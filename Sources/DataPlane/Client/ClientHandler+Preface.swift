import NIOCore

// A client in clear that knows beforehand that HTTP/2 is served says so with its first bytes.
extension ClientHandler {
  /// What the first bytes of a connection say.
  enum Preface {
    case http1, http2, notYetKnown

    private static let text: StaticString = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

    /// Source: RFC 9113, section 3.4.
    init(_ bytes: ByteBuffer) {
      let text = UnsafeBufferPointer(start: Self.text.utf8Start, count: Self.text.utf8CodeUnitCount)
      let isSame = bytes.withUnsafeReadableBytes { zip($0, text).allSatisfy { $0 == $1 } }
      self = !isSame ? .http1 : bytes.readableBytes < text.count ? .notYetKnown : .http2
    }
  }

  /// Takes the first bytes. Returns those that are of HTTP/1.
  func sniff(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) -> ByteBuffer? {
    var first = firstBytes ?? bytes
    if firstBytes != nil { first.writeImmutableBuffer(bytes) }
    firstBytes = nil
    switch Preface(first) {
    case .http1:
      sniffs = false
      return first
    case .notYetKnown: firstBytes = first
    case .http2:
      sniffs = false
      makeWay(first, context)
    }
    return nil
  }

  private func makeWay(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
    deadline.cancel()
    stallDeadline.cancel()
    runner.cancelTimers()
    do {
      try ProxyPipeline.configureHTTP2(context.channel, loop: loop, client: client)
    } catch {
      return context.close(promise: nil)
    }
    loop.remove(self)
    context.fireChannelRead(NIOAny(bytes))
    context.pipeline.syncOperations.removeHandler(self, promise: nil)
  }
}
