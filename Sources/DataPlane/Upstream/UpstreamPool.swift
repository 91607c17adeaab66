import Descriptors
import NIOCore
import NIOHTTP1
import Routing

/// The resting connections to endpoints of one event loop, and the way to make new ones.
final class UpstreamPool {
  /// Makes a channel to an endpoint with an ``UpstreamHandler`` in its pipeline.
  typealias Connect = (EndpointID) -> EventLoopFuture<any Channel>

  private let connector: Connect
  private let maximumIdle: Int
  private let idleTimeout: TimeAmount
  private var idle: [EndpointID: [Resting]] = [:]
  private var isSweeping = false
  private let eventLoop: any EventLoop
  private let budget: DescriptorBudget

  private struct Resting {
    var connection: UpstreamHandler
    var since: NIODeadline
  }

  init(
    eventLoop: any EventLoop, maximumIdle: Int, idleTimeoutSeconds: Int64, budget: DescriptorBudget = .process,
    connect: @escaping Connect
  ) {
    self.eventLoop = eventLoop
    self.maximumIdle = maximumIdle
    idleTimeout = .seconds(idleTimeoutSeconds)
    self.budget = budget
    connector = connect
  }

  /// How many connections to the endpoint rest.
  func idleCount(_ address: EndpointID) -> Int { idle[address]?.count ?? 0 }

  /// The connection that came back last, since it is the least likely to be stale.
  func takeIdle(_ address: EndpointID) -> UpstreamHandler? {
    defer { if idle[address]?.isEmpty == true { idle[address] = nil } }
    while let resting = idle[address]?.popLast() {
      if resting.connection.isActive { return resting.connection }
    }
    return nil
  }

  /// A new connection. Where descriptors are short, a resting connection gives way; ``NoDescriptorLeft`` when none rests.
  func connect(_ address: EndpointID) -> EventLoopFuture<any Channel> {
    guard budget.hasRoomUpstream(now: uptime) || closeOldest() else {
      return eventLoop.makeFailedFuture(NoDescriptorLeft())
    }
    budget.opened(.upstream)
    let connection = connector(address)
    connection.whenComplete { [budget] result in
      switch result {
      case .success(let channel): channel.closeFuture.whenComplete { _ in budget.closed(.upstream) }
      case .failure(let error):
        budget.closed(.upstream)
        if NoDescriptorLeft.isMeant(by: error) { budget.ranOut() }
      }
    }
    return connection
  }

  /// Closes the connection that has rested longest; says whether there was one.
  private func closeOldest() -> Bool {
    let oldest = idle.min { ($0.value.first?.since ?? .distantFuture) < ($1.value.first?.since ?? .distantFuture) }
    guard let (address, connections) = oldest, let connection = connections.first?.connection else { return false }
    forget(connection, address)
    connection.close()
    return true
  }

  /// Keeps a connection for the next request, or closes it when enough rest or descriptors are short.
  func giveBack(_ connection: UpstreamHandler, _ address: EndpointID) {
    guard connection.isActive, idleCount(address) < maximumIdle, budget.hasRoomToRest(now: uptime) else {
      return connection.close()
    }
    idle[address, default: []].append(Resting(connection: connection, since: eventLoop.now))
    connection.rest(in: self, address: address)
    sweepLater()
  }

  /// A resting connection was closed by the endpoint.
  func forget(_ connection: UpstreamHandler, _ address: EndpointID) {
    idle[address]?.removeAll { $0.connection === connection }
    if idle[address]?.isEmpty == true { idle[address] = nil }
  }

  /// Closes every resting connection.
  func closeIdle() {
    let all = idle.values.joined().map(\.connection)
    idle.removeAll()
    for connection in all { connection.close() }
  }

  /// Closes what has rested too long, and all that rests where descriptors have become short.
  func sweep(now: NIODeadline) {
    guard budget.hasRoomToRest(now: uptime) else { return closeIdle() }
    for (address, connections) in idle {
      let old = connections.filter { $0.since + idleTimeout <= now }
      guard !old.isEmpty else { continue }
      idle[address]?.removeAll { $0.since + idleTimeout <= now }
      if idle[address]?.isEmpty == true { idle[address] = nil }
      for resting in old { resting.connection.close() }
    }
  }

  /// The budget's time, which is one for all event loops.
  private var uptime: UInt64 { NIODeadline.now().uptimeNanoseconds }

  private func sweepLater() {
    guard !isSweeping else { return }
    isSweeping = true
    eventLoop.assumeIsolated().scheduleTask(in: .seconds(5)) { [weak self] in
      guard let self else { return }
      self.isSweeping = false
      self.sweep(now: self.eventLoop.now)
      if !self.idle.isEmpty { self.sweepLater() }
    }
  }
}
