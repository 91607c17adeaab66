import Logging
import NIOCore
import NIOHTTP1
import Routing

// The connection to the endpoint that the running request uses.
extension ClientHandler {
  /// Counts the endpoint as in flight and gets a connection to it.
  func dispatch(_ endpoint: EndpointID, fresh: Bool) {
    loop.inFlight.begin(endpoint)
    dispatched = endpoint
    attempt += 1
    if !fresh, let connection = loop.pool.takeIdle(endpoint) { return use(connection, reused: true) }
    let attempt = attempt
    loop.pool.connect(endpoint).hop(to: loop.eventLoop).assumeIsolated().whenComplete { [self] result in
      connected(result, endpoint: endpoint, attempt: attempt)
    }
  }

  /// Ends the in-flight count, exactly once for each dispatch, and gives the connection back or closes it.
  func release(reusable: Bool) {
    guard let endpoint = dispatched else { return }
    dispatched = nil
    attempt += 1
    loop.inFlight.end(endpoint)
    guard let connection = upstream else { return }
    if upstreamIsDirty && reusable { connection.flush() }
    upstreamIsDirty = false
    upstream = nil
    connection.release()
    if reusable { loop.pool.giveBack(connection, endpoint) } else { connection.close() }
  }

  /// A part of the endpoint's response.
  func upstreamRead(_ part: HTTPClientResponsePart, from connection: UpstreamHandler) {
    guard connection === upstream else { return }
    setBurst(true)
    switch part {
    case .head(let head): exchange?.responseHead(head, into: &actions)
    case .body(let piece): exchange?.responseBody(piece, into: &actions)
    case .end: exchange?.responseEnd(into: &actions)
    }
    perform()
    // The response was whole: this connection's end of burst will not be heard, whatever the next request uses.
    if upstream !== connection { upstreamReadComplete() }
  }

  /// The endpoint has sent all that was there to read.
  func upstreamReadComplete() {
    setBurst(false)
    perform()
  }

  /// The endpoint takes bytes, or none for now.
  func upstreamWritability(_ isWritable: Bool) {
    exchange?.upstreamWritability(isWritable, into: &actions)
    perform()
  }

  /// The connection ended or broke.
  func upstreamLost(_ failure: GatewayError, from connection: UpstreamHandler) {
    guard connection === upstream else { return }
    setBurst(false)
    exchange?.upstreamFailed(failure, into: &actions)
    perform()
  }

  private func connected(_ result: Result<any Channel, any Error>, endpoint: EndpointID, attempt: Int) {
    let isCurrent = attempt == self.attempt
    switch result {
    case .failure(let error):
      guard isCurrent else { return }
      loop.logger.debug("connect failed", metadata: ["endpoint": "\(endpoint)", "reason": "\(error)"])
      exchange?.upstreamFailed(ConnectReason.failure(error), into: &actions)
    case .success(let channel):
      do {
        let connection = try channel.pipeline.syncOperations.handler(type: UpstreamHandler.self)
        guard isCurrent else { return loop.pool.giveBack(connection, endpoint) }
        return use(connection, reused: false)
      } catch {
        guard isCurrent else { return }
        exchange?.upstreamFailed(ConnectReason.failure(error), into: &actions)
      }
    }
    perform()
  }

  private func use(_ connection: UpstreamHandler, reused: Bool) {
    upstream = connection
    connection.take(self)
    exchange?.upstreamConnected(reused: reused, into: &actions)
    perform()
  }
}
