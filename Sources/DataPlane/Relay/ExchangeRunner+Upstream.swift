import Logging
import NIOCore
import Routing

// The connection to the endpoint that the running exchange uses.
extension ExchangeRunner {
  /// Gets a connection to the endpoint whose turn it is.
  func dispatch(fresh: Bool) {
    guard let candidate = exchange.plan?.candidates.current else { return }
    let (state, transport) = (candidate.state, transport(to: candidate))
    dispatched = state
    if !fresh, let lease = loop.pool.takeResting(state, transport) {
      return use(lease.connection, reused: lease.isReused)
    }
    attempt += 1
    let attempt = attempt
    let ticket = loop.pool.wait(state, transport, needsNew: fresh) { [self] result in
      guard attempt == self.attempt else { return }
      self.ticket = nil
      // What is told from here on is of an attempt that has its connection, or none any more.
      self.attempt += 1
      connected(result, endpoint: state.id)
    }
    guard attempt == self.attempt else { return }
    self.ticket = ticket
    guard ticket != nil else { return connected(.failure(.overloaded), endpoint: state.id) }
    // Each endpoint has this time, whatever the one before has taken.
    setUpstreamDeadline(.connection)
  }

  /// What is spoken with the endpoint: for bytes of TLS that ends there nothing is to be added.
  private func transport(to candidate: Candidate) -> CompiledTransport {
    guard case .connection(let isTLS) = exchange.passage else { return candidate.transport }
    return isTLS ? .plain : candidate.transportOfBytes
  }

  /// Counts the request as in flight at its endpoint.
  func count() {
    guard let dispatched else { return }
    dispatched.begin()
    counted = dispatched
  }

  /// Ends the in-flight count, exactly once for each that began, and gives the connection back or closes it.
  func release(reusable: Bool) {
    if exchange.plan?.treatment != nil { attemptDeadline.clear() }
    guard dispatched != nil else { return }
    dispatched = nil
    if let counted {
      counted.end()
      self.counted = nil
      if let pool = exchange.plan?.binding.pool, pool.queue.count > 0 { loop.steps.queue.admitNext(pool) }
    }
    if let ticket {
      self.ticket = nil
      attempt += 1
      loop.pool.cancel(ticket)
    }
    guard let connection = upstream else { return }
    upstream = nil
    connection.release(to: loop.pool, isReusable: reusable)
  }

  /// A part of the endpoint's response.
  func upstreamRead(_ part: ResponsePart, from connection: some UpstreamStream) {
    guard connection === upstream, !holds(.part(part)) else { return }
    setBurst(true)
    switch part {
    case .interim: tell { $0.interimResponse(connection.head, into: &$1) }
    case .head(let framing):
      let budget = retries
      tell { $0.responseHead(connection.head, framing, hasBudget: { withdraw(budget) }, into: &$1) }
    case .switched: tell { $0.upgraded(connection.head, into: &$1) }
    case .body(let piece, let data): tell { $0.responseBody(piece, data: data, into: &$1) }
    case .end:
      if let trailer = connection.trailer { tell { $0.responseTrailer(trailer, into: &$1) } }
      tell { $0.responseEnd(into: &$1) }
    case .fault(let fault): failed(fault.responseError)
    case .needMore: break
    }
    perform()
    // The response was whole: this connection's end of burst will not be heard, whatever the next request uses.
    if upstream !== connection { upstreamReadComplete() }
  }

  func failed(_ failure: GatewayError) {
    let budget = retries
    tell { $0.upstreamFailed(failure, hasBudget: { withdraw(budget) }, into: &$1) }
  }

  /// The endpoint has sent all that was there to read.
  func upstreamReadComplete() {
    setBurst(false)
    perform()
  }

  /// The endpoint's socket has room for more bytes, or has none.
  func upstreamWritability(_ isWritable: Bool) {
    tell { $0.upstreamWritability(isWritable, into: &$1) }
    perform()
  }

  /// The connection ended or broke.
  func upstreamLost(_ failure: GatewayError, from connection: some UpstreamStream) {
    guard connection === upstream, !holds(.lost(failure)) else { return }
    setBurst(false)
    failed(failure)
    perform()
  }

  private func connected(
    _ result: Result<UpstreamPool.Lease, GatewayError>, endpoint: EndpointID
  ) {
    switch result {
    case .success(let lease): return use(lease.connection, reused: lease.isReused)
    case .failure(let error):
      loop.logger.debug("connect failed", metadata: ["endpoint": "\(endpoint)", "reason": "\(error.message)"])
      failed(error)
      perform()
    }
  }

  private func use(_ connection: any UpstreamStream, reused: Bool) {
    upstream = connection
    connection.take(self, isHead: exchange.head.isMethod("HEAD"))
    tell { $0.upstreamConnected(reused: reused, into: &$1) }
    perform()
  }
}
