import Descriptors
import NIOCore
import Routing

/// The connections to endpoints of one event loop: does what ``ConnectionLeases`` say.
final class UpstreamPool {
  /// Makes a channel to an endpoint with an ``UpstreamHandler`` in its pipeline.
  typealias Connect = (EndpointID, CompiledTransport) -> EventLoopFuture<any Channel>
  typealias Leases = ConnectionLeases<UpstreamHandler>
  /// A connection, new or used before.
  typealias Lease = (connection: any UpstreamStream, isReused: Bool)
  /// Called once with a connection, or with why there is none.
  typealias Waiter = (Result<Lease, GatewayError>) -> Void

  /// Names one that waits.
  struct Ticket {
    fileprivate let home: UpstreamConnections
    fileprivate let number: LeaseTicket
  }

  /// An endpoint, and what is spoken with it: both are the same objects from table to table.
  struct Key: Hashable {
    private let endpoint: ObjectIdentifier
    private let transport: ObjectIdentifier

    init(_ endpoint: EndpointState, _ transport: CompiledTransport) {
      (self.endpoint, self.transport) = (ObjectIdentifier(endpoint), ObjectIdentifier(transport))
    }
  }

  private let connector: Connect
  private let limits: Leases.Limits
  private let idleTimeout: UInt64
  private(set) var endpoints: [Key: UpstreamConnections] = [:]
  private var isSweeping = false
  private let eventLoop: any EventLoop
  private let budget: DescriptorBudget

  init(
    eventLoop: any EventLoop, limits: Leases.Limits = Leases.Limits(), idleTimeoutSeconds: Int64,
    budget: DescriptorBudget = .process, connect: @escaping Connect
  ) {
    self.eventLoop = eventLoop
    self.limits = limits
    idleTimeout = UInt64(max(0, idleTimeoutSeconds)) * 1_000_000_000
    self.budget = budget
    connector = connect
  }

  /// How many connections to the endpoint rest.
  func idleCount(_ endpoint: EndpointState, _ transport: CompiledTransport = .plain) -> Int {
    endpoints[Key(endpoint, transport)]?.leases.resting ?? 0
  }

  /// A connection that rests.
  func takeResting(_ endpoint: EndpointState, _ transport: CompiledTransport = .plain) -> UpstreamHandler? {
    guard let home = endpoints[Key(endpoint, transport)] else { return nil }
    while let connection = home.leases.takeResting() {
      if connection.isActive { return connection }
      returned(connection, home, isReusable: false)
    }
    return nil
  }

  /// Waits for a connection; `nil` where too many wait already. The waiter may be called before this returns.
  ///
  /// - Parameter needsNew: takes none that was used before.
  func wait(
    _ endpoint: EndpointState, _ transport: CompiledTransport = .plain, needsNew: Bool = false,
    _ waiter: @escaping Waiter
  ) -> Ticket? {
    let key = Key(endpoint, transport)
    let home = endpoints[key] ?? UpstreamConnections(endpoint, transport, limits: limits)
    endpoints[key] = home
    guard let number = home.leases.wait(needsNew: needsNew) else { return nil }
    home.waiters[number] = waiter
    settle(home)
    return Ticket(home: home, number: number)
  }

  /// Nobody waits with the ticket any more.
  func cancel(_ ticket: Ticket) {
    ticket.home.leases.cancel(ticket.number)
    ticket.home.waiters[ticket.number] = nil
  }

  /// Keeps a connection for the next request, or closes it when it is of no more use, enough rest or descriptors are short.
  func giveBack(_ connection: UpstreamHandler, isReusable: Bool) {
    guard let home = connection.home else { return connection.close() }
    returned(connection, home, isReusable: isReusable && connection.isActive)
  }

  /// A resting connection was closed by the endpoint.
  func forget(_ connection: UpstreamHandler) {
    guard let home = connection.home else { return }
    home.leases.forget(connection)
    settle(home)
  }

  /// Closes every resting connection.
  func closeIdle() { closeResting(since: .max) }

  /// Closes what has rested too long, and all that rests where descriptors have become short.
  func sweep() {
    guard budget.hasRoomToRest(now: uptime) else { return closeIdle() }
    if now > idleTimeout { closeResting(since: now - idleTimeout) }
  }

  /// The budget's time, which is one for all event loops.
  private var uptime: UInt64 { NIODeadline.now().uptimeNanoseconds }
  private var now: UInt64 { eventLoop.now.uptimeNanoseconds }

  private func closeResting(since time: UInt64) {
    for home in Array(endpoints.values) {
      for connection in home.leases.removeResting(since: time) { connection.close() }
      settle(home)
    }
  }

  /// What follows each event at an endpoint: opens what those who wait need, and forgets an endpoint where nobody is.
  private func settle(_ home: UpstreamConnections) {
    while home.leases.opensAnother() { open(home) }
    if home.leases.isEmpty { endpoints[Key(home.state, home.transport)] = nil }
  }

  /// Opens a connection. Where descriptors are short, a resting one gives way.
  private func open(_ home: UpstreamConnections) {
    guard budget.hasRoomUpstream(now: uptime) || closeOldest() else { return failed(.overloaded, home) }
    budget.opened(.upstream)
    connector(home.state.id, home.transport).hop(to: eventLoop).assumeIsolated().whenComplete { [self] result in
      switch result {
      case .success(let channel):
        channel.closeFuture.whenComplete { [budget] _ in budget.closed(.upstream) }
        opened(channel, home)
      case .failure(let error):
        budget.closed(.upstream)
        if NoDescriptorLeft.isMeant(by: error) { budget.ranOut() }
        failed(ConnectReason.failure(error), home)
      }
    }
  }

  private func opened(_ channel: any Channel, _ home: UpstreamConnections) {
    do {
      let connection = try channel.pipeline.syncOperations.handler(type: UpstreamHandler.self)
      connection.home = home
      carryOut(home.leases.opened(connection, now: now), connection, home, isReused: false)
    } catch {
      failed(ConnectReason.failure(error), home)
    }
  }

  private func failed(_ error: GatewayError, _ home: UpstreamConnections) {
    let waiter = home.leases.failedToOpen().flatMap { home.waiters.removeValue(forKey: $0) }
    settle(home)
    waiter?(.failure(error))
  }

  private func returned(_ connection: UpstreamHandler, _ home: UpstreamConnections, isReusable: Bool) {
    let use = home.leases.giveBack(connection, isReusable: isReusable, now: now)
    carryOut(use, connection, home, isReused: true)
  }

  private func carryOut(_ use: Leases.Use, _ connection: UpstreamHandler, _ home: UpstreamConnections, isReused: Bool) {
    switch use {
    case .hand(let ticket): home.waiters.removeValue(forKey: ticket)?(.success((connection, isReused)))
    case .rest:
      guard budget.hasRoomToRest(now: uptime) else {
        connection.close()
        home.leases.forget(connection)
        return settle(home)
      }
      connection.rest(in: self)
      sweepLater()
    case .close:
      connection.close()
      settle(home)
    }
  }

  /// Closes the connection that has rested longest; says whether there was one.
  private func closeOldest() -> Bool {
    let oldest = endpoints.values.min { ($0.leases.oldest ?? .max) < ($1.leases.oldest ?? .max) }
    guard let oldest, let time = oldest.leases.oldest else { return false }
    for connection in oldest.leases.removeResting(since: time) { connection.close() }
    settle(oldest)
    return true
  }

  private func sweepLater() {
    guard !isSweeping else { return }
    isSweeping = true
    eventLoop.assumeIsolated().scheduleTask(in: .seconds(5)) { [weak self] in
      guard let self else { return }
      self.isSweeping = false
      self.sweep()
      if self.endpoints.values.contains(where: { $0.leases.resting > 0 }) { self.sweepLater() }
    }
  }
}
