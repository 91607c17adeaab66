import CCurl

/// All transfers under way. Lives on libcurl's thread.
struct CurlTransfers {
  private struct Transfer {
    let exchange: CurlExchange
    let handle: CurlHandle
  }

  private let multi: UnsafeMutableRawPointer
  private var transfers: [UnsafeMutableRawPointer: Transfer] = [:]
  private var handles: [ObjectIdentifier: UnsafeMutableRawPointer] = [:]
  private var silence: ConnectionSilence

  init(multi: UnsafeMutableRawPointer, patience: ConnectionSilence.Patience) {
    self.multi = multi
    silence = ConnectionSilence(patience: patience)
  }

  mutating func handle(_ command: CurlLoop.Command) {
    switch command {
    case .start(let exchange): start(exchange)
    case .cancel(let exchange): remove(exchange)
    case .resume(let exchange):
      // Zero is CURLPAUSE_CONT, a macro that Swift does not see.
      if let handle = handles[ObjectIdentifier(exchange)] { _ = curl_easy_pause(handle, 0) }
    }
  }

  private mutating func start(_ exchange: CurlExchange) {
    guard !exchange.isOver else { return }
    let handle: CurlHandle
    do {
      handle = try CurlHandle(exchange)
    } catch {
      exchange.finish(.failure(error))
      return
    }
    transfers[handle.easy] = Transfer(exchange: exchange, handle: handle)
    handles[ObjectIdentifier(exchange)] = handle.easy
    let code = curl_multi_add_handle(multi, handle.easy)
    if code != CURLM_OK {
      remove(exchange)
      exchange.finish(.failure(HTTPTransportError.failed(code: Int(code.rawValue), "no transfer could be added")))
    }
  }

  private mutating func remove(_ exchange: CurlExchange) {
    guard let easy = handles.removeValue(forKey: ObjectIdentifier(exchange)) else { return }
    let connection = transfers[easy]?.handle.connection
    _ = curl_multi_remove_handle(multi, easy)
    transfers[easy] = nil
    guard let connection else { return }
    silence.transferEnded(
      on: connection, lastByte: exchange.progress.lastByte, isLast: transfers(on: connection).isEmpty)
  }

  private func transfers(on connection: CurlConnection) -> [Transfer] {
    transfers.values.filter { $0.handle.connection == connection }
  }

  /// Moves every transfer on as far as it goes without waiting.
  mutating func perform() {
    var running: Int32 = 0
    _ = curl_multi_perform(multi, &running)
    var result = CURLE_OK
    while let easy = switchyard_multi_next_finished(multi, &result) {
      guard let transfer = transfers[easy] else { continue }
      let outcome = transfer.handle.outcome(of: result)
      remove(transfer.exchange)
      transfer.exchange.finish(outcome)
    }
    endOverdue()
  }

  private mutating func endOverdue() {
    let now = ContinuousClock.now
    for transfer in transfers.values where !transfer.exchange.isOver {
      guard let deadline = transfer.exchange.deadline, deadline.at <= now else { continue }
      let wasSent = transfer.handle.wasSent
      let others = silentCompanions(of: transfer, bound: deadline.bound, now: now)
      remove(transfer.exchange)
      for other in others {
        remove(other.exchange)
        other.exchange.finish(.failure(HTTPTransportError.connectionLost("the connection went silent")))
      }
      transfer.exchange.finish(.failure(HTTPTransportError(deadline, wasSent: wasSent)))
    }
  }

  /// The others on the connection of a transfer whose time ran out, if the connection counts as dead; it then closes
  /// with the last of them. One that carries nothing else closes on mere suspicion.
  private mutating func silentCompanions(
    of late: Transfer, bound: Duration, now: ContinuousClock.Instant
  ) -> [Transfer] {
    guard let connection = late.handle.connection else { return [] }
    let others = transfers(on: connection).filter { $0.exchange !== late.exchange }
    let verdict = silence.ranOut(
      on: connection, quietSince: late.exchange.progress.lastActivity, bound: bound, now: now,
      others: others.compactMap { $0.exchange.progress.lastByte })
    guard verdict == .dead || verdict == .suspect && others.isEmpty else { return [] }
    late.handle.forbidReuse()
    for other in others { other.handle.forbidReuse() }
    return others
  }

  /// Waits for the network, a command, or the next moment at which a transfer's time runs out.
  func wait() {
    var milliseconds: Int64 = 60_000
    let now = ContinuousClock.now
    for transfer in transfers.values {
      guard let deadline = transfer.exchange.deadline else { continue }
      milliseconds = min(milliseconds, max(1, (deadline.at - now).wholeMilliseconds + 1))
    }
    _ = curl_multi_poll(multi, nil, 0, Int32(milliseconds), nil)
  }

  mutating func endAll() {
    for transfer in transfers.values {
      remove(transfer.exchange)
      transfer.exchange.finish(.failure(HTTPTransportError.shutDown))
    }
  }
}

extension Duration {
  /// Milliseconds, rounded down.
  var wholeMilliseconds: Int64 {
    components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
  }
}
