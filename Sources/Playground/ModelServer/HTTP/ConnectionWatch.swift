import NIOCore
import Synchronization

/// Tells a request handler that its client has gone, so that the engine's slot is freed at once, not when the answer
/// is written. Hummingbird reports a closed input only to handlers that give up keep-alive.
final class ConnectionWatch: Sendable {
  private struct Connection {
    var next: UInt64 = 0
    var callbacks: [UInt64: @Sendable () -> Void] = [:]
  }

  private let connections = Mutex<[ObjectIdentifier: Connection]>([:])

  init() {}

  /// A channel handler that reports one connection; add it to each one's pipeline.
  func makeHandler() -> any RemovableChannelHandler { CloseReporter(watch: self) }

  /// Runs the work; `onClosed` is called at most once, from another thread, if the client goes before the work ends,
  /// and at once if it has already gone.
  func withCloseHandler<Value>(
    _ channel: any Channel, onClosed: @escaping @Sendable () -> Void, _ work: () async throws -> Value
  ) async rethrows -> Value {
    let key = ObjectIdentifier(channel)
    let token = connections.withLock { connections -> UInt64? in
      guard var connection = connections[key] else { return nil }
      let token = connection.next
      connection.next += 1
      connection.callbacks[token] = onClosed
      connections[key] = connection
      return token
    }
    if token == nil { onClosed() }
    defer { if let token { _ = connections.withLock { $0[key]?.callbacks.removeValue(forKey: token) } } }
    return try await work()
  }

  fileprivate func opened(_ channel: any Channel) {
    connections.withLock { $0[ObjectIdentifier(channel)] = Connection() }
  }

  fileprivate func closed(_ channel: any Channel) {
    let callbacks = connections.withLock { $0.removeValue(forKey: ObjectIdentifier(channel)) }?.callbacks
    for callback in (callbacks ?? [:]).values { callback() }
  }
}

private final class CloseReporter: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = Any

  private let watch: ConnectionWatch

  init(watch: ConnectionWatch) { self.watch = watch }

  func handlerAdded(context: ChannelHandlerContext) { watch.opened(context.channel) }

  func handlerRemoved(context: ChannelHandlerContext) { watch.closed(context.channel) }

  func channelInactive(context: ChannelHandlerContext) {
    watch.closed(context.channel)
    context.fireChannelInactive()
  }

  /// A client that closes its sending side mid-request has gone, as uvicorn sees it too.
  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let event = event as? ChannelEvent, event == .inputClosed { watch.closed(context.channel) }
    context.fireUserInboundEventTriggered(event)
  }
}
