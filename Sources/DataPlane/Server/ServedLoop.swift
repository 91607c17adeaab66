package import Logging
package import NIOCore
package import Routing

/// What one event loop of a ``GatewayServer`` serves, on channels that somebody else makes: those in memory that the fuzzer drives.
package final class ServedLoop {
  /// Makes a channel to an endpoint: `configure` puts the handlers in, before the channel is connected.
  package typealias Connect = (EndpointID, _ configure: (any Channel) throws -> Void) throws -> any Channel

  private let context: LoopContext

  /// Everything is used on the event loop alone.
  package init(
    on eventLoop: any EventLoop, configuration: ProxyConfiguration, router: RequestRouter, logger: Logger,
    observer: ProxyObserver, connect: @escaping Connect
  ) {
    let scratch = ScratchBuffers()
    let limits = HTTP1Limits(headBytes: configuration.maximumHeaderBytes)
    let leases = UpstreamPool.Leases.Limits(
      connections: configuration.maximumUpstreamConnections, resting: configuration.maximumIdleUpstreamConnections)
    let pool = UpstreamPool(
      eventLoop: eventLoop, limits: leases, idleTimeoutSeconds: configuration.upstreamIdleTimeoutSeconds
    ) { endpoint, transport in
      let readiness = UpstreamReadiness(on: eventLoop, limit: .seconds(configuration.connectTimeoutSeconds))
      do {
        let channel = try connect(endpoint) { channel in
          guard transport.transport.application == .http2 else {
            return try ProxyPipeline.configureUpstream(channel, scratch: scratch, limits: limits)
          }
          try UpstreamPipeline.configureHTTP2(channel, limits: limits, isSecure: false, readiness: readiness)
        }
        if transport.transport.application == .http1 { readiness.succeed() }
        readiness.future.whenFailure { _ in channel.close(promise: nil) }
        return readiness.future.map { channel }
      } catch {
        readiness.fail(error)
        return eventLoop.makeFailedFuture(error)
      }
    }
    context = LoopContext(
      eventLoop: eventLoop, configuration: configuration, steps: RouterSteps(router), observer: observer,
      logger: logger, scratch: scratch, pool: pool)
  }

  /// Sets up the connection of a client, before it is active.
  package func serve(_ channel: any Channel, address: String, port: Int) throws {
    let client = ClientInfo(address: address, listenerAddress: nil, listenerPort: port)
    try ProxyPipeline.configureClient(channel, loop: context, client: client)
  }

  /// What it holds.
  package var census: GatewayServer.Census { context.census }

  /// Lets running requests finish and serves no new connection.
  package func drain() { _ = context.drain() }

  /// Closes everything.
  package func closeAll() { context.closeAll() }
}
