import NIOCore
import NIOPosix
import Routing
import Synchronization

/// A server that takes connections and reads nothing of them.
final class SilentUpstream: Sendable {
  private let channel: any Channel
  private let count: Box

  private final class Box: Sendable {
    let connections = Atomic<Int>(0)
  }

  var connections: Int { count.connections.load(ordering: .relaxed) }
  var endpoint: EndpointID { EndpointID(address: "127.0.0.1", port: channel.localAddress?.port ?? 0) }

  private init(_ channel: any Channel, _ count: Box) {
    self.channel = channel
    self.count = count
  }

  static func start() async throws -> SilentUpstream {
    let count = Box()
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelOption(.autoRead, value: false)
      .childChannelInitializer { channel in
        count.connections.add(1, ordering: .relaxed)
        return channel.eventLoop.makeSucceededVoidFuture()
      }
      .bind(host: "127.0.0.1", port: 0).get()
    return SilentUpstream(channel, count)
  }

  func stop() async throws { try await channel.close() }
}
