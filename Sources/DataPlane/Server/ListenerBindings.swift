import Descriptors
import Logging
import NIOCore
import NIOPosix
import Routing

/// The listening sockets: one for each distinct address and port of the table's listeners.
struct ListenerBindings {
  /// Where a socket listens.
  struct Place: Hashable, Comparable {
    /// The address to bind.
    var address: String
    /// The port that the listeners declare.
    var listenerPort: Int
    /// The port to bind.
    var boundPort: Int
    /// The address by which the router finds the listener; `nil` stands for all.
    var listenerAddress: String?

    static func < (left: Place, right: Place) -> Bool {
      (left.address, left.listenerPort) < (right.address, right.listenerPort)
    }
  }

  let configuration: ProxyConfiguration
  let group: MultiThreadedEventLoopGroup
  let loops: [ObjectIdentifier: NIOLoopBound<LoopContext>]
  let logger: Logger
  let budget: DescriptorBudget
  /// Called when a socket that was open is not any more.
  let onClosed: @Sendable () -> Void
  private(set) var bound: [Place: any Channel] = [:]
  private(set) var failures: [BindFailure] = []

  init(
    configuration: ProxyConfiguration, group: MultiThreadedEventLoopGroup,
    loops: [ObjectIdentifier: NIOLoopBound<LoopContext>], logger: Logger, budget: DescriptorBudget,
    onClosed: @escaping @Sendable () -> Void
  ) {
    self.configuration = configuration
    self.group = group
    self.loops = loops
    self.logger = logger
    self.budget = budget
    self.onClosed = onClosed
  }

  /// The places that a table asks for.
  static func places(of table: RoutingTable, _ configuration: ProxyConfiguration) -> Set<Place> {
    var places: Set<Place> = []
    for listener in table.listeners {
      let port = listener.port < 1024 ? listener.port + configuration.privilegedPortOffset : listener.port
      let addresses = configuration.bindAddress.map { [$0] } ?? listener.addresses
      for address in addresses {
        let known = configuration.bindAddress == nil ? address : nil
        places.insert(
          Place(address: address, listenerPort: listener.port, boundPort: port, listenerAddress: known))
      }
    }
    return places
  }

  /// Closes what the table no longer asks for and binds what is missing; says whether anything changed.
  mutating func apply(_ table: RoutingTable) async -> Bool {
    let lost = dropClosed()
    let wanted = Self.places(of: table, configuration)
    let vanished = bound.keys.filter { !wanted.contains($0) }
    for place in vanished { await close(place) }
    var failed: [BindFailure] = []
    var added = false
    for place in wanted.sorted() where bound[place] == nil {
      do {
        bound[place] = try await bind(place)
        added = true
        logger.info("listening", metadata: ["address": "\(place.address)", "port": "\(place.boundPort)"])
      } catch {
        failed.append(
          BindFailure(
            address: place.address, port: place.boundPort, listenerPort: place.listenerPort, error: error))
      }
    }
    let changed = added || lost || !vanished.isEmpty || failed != failures
    if failed != failures {
      for failure in failed { logger.error("cannot listen", metadata: ["failure": "\(failure)"]) }
    }
    failures = failed
    return changed
  }

  /// What is open, and what is not.
  var report: BindingsReport {
    let open = bound.keys.map { BindingsReport.Socket(address: $0.address, listenerPort: $0.listenerPort) }
    return BindingsReport(open: Set(open), failures: failures)
  }

  /// Stops accepting everywhere.
  mutating func closeAll() async {
    for place in Array(bound.keys) { await close(place) }
  }

  /// A listening socket ends by itself when the system refuses it for good. Says whether one did.
  private mutating func dropClosed() -> Bool {
    let closed = bound.filter { !$0.value.isActive }
    for place in closed.keys {
      bound[place] = nil
      logger.error(
        "a listening socket closed by itself", metadata: ["address": "\(place.address)", "port": "\(place.boundPort)"])
    }
    return !closed.isEmpty
  }

  private mutating func close(_ place: Place) async {
    guard let channel = bound.removeValue(forKey: place) else { return }
    do {
      try await channel.close()
    } catch {
      logger.debug("closing a listening socket failed", metadata: ["reason": "\(error)"])
    }
    logger.info("stopped listening", metadata: ["address": "\(place.address)", "port": "\(place.boundPort)"])
  }

  private func bind(_ place: Place) async throws -> any Channel {
    let loops = loops
    let address = try SocketAddress(ipAddress: place.address, port: place.boundPort)
    let plain = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 1024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .serverChannelInitializer { [budget, logger] channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            AcceptGateHandler(holder: .client, budget: budget, logger: logger) {
              for loop in loops.values { loop.eventLoop.execute { loop.value.pool.closeIdle() } }
            })
        }
      }
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelOption(.recvAllocator, value: ReceiveSizes())
      .childChannelOption(.maxMessagesPerRead, value: ReceiveSizes.readsInARow)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          guard let loop = loops[ObjectIdentifier(channel.eventLoop)]?.value else { throw ChannelError.eof }
          let client = ClientInfo(
            address: channel.remoteAddress?.ipAddress, listenerAddress: place.listenerAddress,
            listenerPort: place.listenerPort)
          try ProxyPipeline.configureClient(channel, loop: loop, client: client)
        }
      }
    let peers = DeadPeers.client(stallTimeoutSeconds: configuration.clientStallTimeoutSeconds)
    let bootstrap = peers.options.reduce(plain) { $0.childChannelOption($1.option, value: $1.value) }
    let channel = try await bootstrap.bind(to: address).get()
    channel.closeFuture.whenComplete { [onClosed] _ in onClosed() }
    return channel
  }
}
