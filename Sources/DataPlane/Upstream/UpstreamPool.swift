import Descriptors
import NIOCore
import Routing

/// The connections to endpoints of one event loop: does what ``ConnectionLeases`` say.
final class UpstreamPool {
  /// Makes a channel to an endpoint with an ``UpstreamHandler`` in its pipeline.
  typealias Connect = (EndpointID, CompiledTransport) -> EventLoopFuture<any Channel>
  typealias Leases = ConnectionLeases<UpstreamHandler>
  /// A connection, or a stream of one. `isReused`: it was used before and rested, so that its endpoint may be closing it.
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
  /// A number that changes whenever other endpoints are trusted.
  private let trust: () -> Int

  init(
    eventLoop: any EventLoop, limits: Leases.Limits = Leases.Limits(), idleTimeoutSeconds: Int64,
    budget: DescriptorBudget = .process, trust: @escaping () -> Int = { 0 }, connect: @escaping Connect
  ) {
    self.eventLoop = eventLoop
    self.limits = limits
    idleTimeout = UInt64(max(0, idleTimeoutSeconds)) * 1_000_000_000
    self.budget = budget
    self.trust = trust
    connector = connect
  }

  /// How many connections to the endpoint rest.
  func idleCount(_ endpoint: EndpointState, _ transport: CompiledTransport = .plain) -> Int {
    endpoints[Key(endpoint, transport)]?.resting ?? 0
  }

  /// A connection that rests, or a stream of one that has room.
  func takeResting(_ endpoint: EndpointState, _ transport: CompiledTransport = .plain) -> Lease? {
    guard let home = endpoints[Key(endpoint, transport)] else { return nil }
    if home.isSecure { renew(home) }
    if home.isShared { return home.streams.take().map(Self.lease) }
    while let connection = home.leases.takeResting() {
      if connection.isActive { return (connection, true) }
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
    let home = endpoints[key] ?? UpstreamConnections(endpoint, transport, limits: limits, trust: trust())
    endpoints[key] = home
    if home.isSecure { renew(home) }
    guard let number = home.wait(needsNew: needsNew) else { return nil }
    home.waiters[number] = waiter
    settle(home)
    return Ticket(home: home, number: number)
  }

  /// Nobody waits with the ticket any more.
  func cancel(_ ticket: Ticket) {
    ticket.home.cancel(ticket.number)
  }

  /// Keeps a connection for the next request, or closes it when it is of no more use, enough rest or descriptors are short.
  func giveBack(_ connection: UpstreamHandler, isReusable: Bool) {
    guard let home = connection.home else { return connection.close() }
    returned(connection, home, isReusable: isReusable && connection.isActive && connection.trust == home.trust)
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
      close(home, restingSince: time)
      settle(home)
    }
  }

  private func close(_ home: UpstreamConnections, restingSince time: UInt64) {
    for connection in home.leases.removeResting(since: time) { connection.close() }
    for connection in home.streams.removeResting(since: time) { connection.close() }
  }

  /// What follows each event at an endpoint: opens what those who wait need, and forgets an endpoint where nobody is.
  private func settle(_ home: UpstreamConnections) {
    while let (ticket, turn) = home.streams.assign() {
      home.waiters.removeValue(forKey: ticket)?(.success(Self.lease(turn)))
    }
    while home.opensAnother() { open(home) }
    if home.isEmpty { endpoints[Key(home.state, home.transport)] = nil }
  }

  /// Opens a connection. Where descriptors are short, a resting one gives way.
  private func open(_ home: UpstreamConnections) {
    guard budget.hasRoomUpstream(now: uptime) || closeOldest() else { return failed(.overloaded, home) }
    budget.opened(.upstream)
    let trust = home.trust
    connector(home.state.id, home.transport).hop(to: eventLoop).assumeIsolated().whenComplete { [self] result in
      switch result {
      case .success(let channel):
        channel.closeFuture.whenComplete { [budget] _ in budget.closed(.upstream) }
        opened(channel, home, trust: trust)
      case .failure(let error):
        budget.closed(.upstream)
        if NoDescriptorLeft.isMeant(by: error) { budget.ranOut() }
        failed(ConnectReason.failure(error), home)
      }
    }
  }

  private func opened(_ channel: any Channel, _ home: UpstreamConnections, trust: Int) {
    do {
      if home.isShared {
        let connection = try channel.pipeline.syncOperations.handler(type: HTTP2UpstreamHandler.self)
        return opened(connection, home, trust: trust)
      }
      let connection = try channel.pipeline.syncOperations.handler(type: UpstreamHandler.self)
      (connection.home, connection.trust) = (home, trust)
      carryOut(home.leases.opened(connection, now: now), connection, home, isReused: false)
    } catch {
      failed(ConnectReason.failure(error), home)
    }
  }

  private func failed(_ error: GatewayError, _ home: UpstreamConnections) {
    let waiters = home.failedToOpen().compactMap { home.waiters.removeValue(forKey: $0) }
    settle(home)
    for waiter in waiters { waiter(.failure(error)) }
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
    let oldest = endpoints.values.min { ($0.oldest ?? .max) < ($1.oldest ?? .max) }
    guard let oldest, let time = oldest.oldest else { return false }
    close(oldest, restingSince: time)
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
      if self.endpoints.values.contains(where: { $0.resting > 0 }) { self.sweepLater() }
    }
  }

  /// Connections that were made while other authorities were trusted take no further request.
  private func renew(_ home: UpstreamConnections) {
    guard home.trust != trust() else { return }
    home.trust = trust()
    for connection in home.leases.removeResting(since: .max) { connection.close() }
    for connection in home.streams.retireAll() { connection.close() }
  }
}

// Connections of HTTP/2, which several requests share.
extension UpstreamPool {
  private static func lease(_ turn: StreamLeases<HTTP2UpstreamHandler>.Turn) -> Lease {
    (HTTP2UpstreamStream(connection: turn.connection), turn.wasResting)
  }

  private func opened(_ connection: HTTP2UpstreamHandler, _ home: UpstreamConnections, trust: Int) {
    guard connection.takesRequests else {
      return failed(GatewayError(.connectFailed, "it ended the connection at once"), home)
    }
    (connection.home, connection.pool) = (home, self)
    home.streams.opened(connection, limit: connection.room, now: now)
    if trust != home.trust, home.streams.retire(connection) { connection.close() }
    settle(home)
    keepOrClose(home)
  }

  /// A request over the connection has ended.
  func streamEnded(of connection: HTTP2UpstreamHandler) {
    guard let home = connection.home else { return }
    if home.streams.ended(connection, now: now) { connection.close() }
    settle(home)
    keepOrClose(home)
  }

  /// Its endpoint allows another number of requests at once.
  func roomChanged(of connection: HTTP2UpstreamHandler) {
    guard let home = connection.home else { return }
    home.streams.limit(connection, to: connection.room)
    settle(home)
  }

  /// It takes no further request.
  func retire(_ connection: HTTP2UpstreamHandler) {
    guard let home = connection.home else { return }
    if home.streams.retire(connection) { connection.close() }
    settle(home)
  }

  /// It is closed.
  func gone(_ connection: HTTP2UpstreamHandler) {
    guard let home = connection.home else { return }
    connection.home = nil
    home.streams.forget(connection)
    settle(home)
  }

  /// What rests is closed later, or at once where descriptors are short.
  private func keepOrClose(_ home: UpstreamConnections) {
    guard home.streams.resting > 0 else { return }
    if budget.hasRoomToRest(now: uptime) { return sweepLater() }
    close(home, restingSince: .max)
    settle(home)
  }
}
