import NIOCore
import NIOPosix
import NIOSSL

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension ChannelHandlerContext {
  /// Closes a client's connection at once with a reset.
  func closeWithReset() {
    guard let socket = channel as? any SocketOptionProvider else { return close(promise: nil) }
    socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).assumeIsolated().whenComplete { _ in self.closeRudely() }
  }

  /// Closes without the goodbye of TLS, which would tell that all has come.
  private func closeRudely() {
    do {
      try pipeline.syncOperations.context(handlerType: NIOSSLServerHandler.self).close(promise: nil)
    } catch {
      close(promise: nil)  // It is not inside TLS.
    }
  }
}
