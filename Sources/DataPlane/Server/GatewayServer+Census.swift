import NIOCore
import Synchronization

extension GatewayServer {
  /// What a server holds for its requests at a moment.
  package struct Census: Sendable, Equatable {
    /// Connections of clients.
    package var clients = 0
    /// Bytes of requests' bodies that are kept.
    package var heldBytes = 0
    /// Requests that have become tunnels.
    package var tunnels = 0
    /// Connections to endpoints that requests use.
    package var leased = 0
    /// Connections to endpoints that are being opened.
    package var opening = 0
    /// Connections to endpoints that rest.
    package var resting = 0
    /// Requests that wait for a connection.
    package var waiters = 0
    /// Requests over HTTP/2 that are open.
    package var streams = 0
    /// Objects that connections of HTTP/2 keep for requests to come.
    package var spareStreams = 0
    /// Bytes of responses over HTTP/2 that were written and have not left.
    package var unsentBytes = 0

    /// Nothing.
    package init() {}
  }

  /// Asks each event loop what it holds; nothing where the server does not run.
  ///
  /// - Throws: when an event loop is shut down meanwhile.
  package func census() async throws -> Census {
    var census = Census()
    for loop in running.withLock({ $0 }) {
      census.add(try await loop.eventLoop.submit { loop.value.census }.get())
    }
    return census
  }
}

extension GatewayServer.Census {
  mutating func add(_ other: Self) {
    clients += other.clients
    heldBytes += other.heldBytes
    tunnels += other.tunnels
    leased += other.leased
    opening += other.opening
    resting += other.resting
    waiters += other.waiters
    streams += other.streams
    spareStreams += other.spareStreams
    unsentBytes += other.unsentBytes
  }
}

extension LoopContext {
  /// What this event loop holds.
  var census: GatewayServer.Census {
    var census = pool.census
    census.clients = clients.count
    census.heldBytes = heldBytes
    census.tunnels = tunnels
    for client in clients.values { (client as? HTTP2ClientHandler)?.count(into: &census) }
    return census
  }
}

extension HTTP2ClientHandler {
  fileprivate func count(into census: inout GatewayServer.Census) {
    census.streams += streams.count
    census.spareStreams += spareStreams
    census.unsentBytes += streams.values.reduce(0) { $0 + $1.unsent }
  }
}

extension UpstreamPool {
  /// What the pool holds.
  var census: GatewayServer.Census {
    var census = GatewayServer.Census()
    for home in endpoints.values {
      census.leased += home.leases.leased + home.streams.busy
      census.opening += home.leases.opening + home.streams.opening
      census.resting += home.resting
      census.waiters += home.leases.waiters + home.streams.waiters
    }
    return census
  }
}
