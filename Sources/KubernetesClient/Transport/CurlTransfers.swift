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

  init(multi: UnsafeMutableRawPointer) {
    self.multi = multi
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
    _ = curl_multi_remove_handle(multi, easy)
    transfers[easy] = nil
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
    endStalled()
  }

  private mutating func endStalled() {
    let now = ContinuousClock.now
    for transfer in transfers.values {
      guard let deadline = transfer.exchange.stallDeadline, deadline <= now else { continue }
      remove(transfer.exchange)
      transfer.exchange.finish(.failure(HTTPTransportError.stalled(transfer.exchange.request.stallTimeout ?? .zero)))
    }
  }

  /// Waits for the network, a command, or the next moment at which a transfer counts as stalled.
  func wait() {
    var milliseconds: Int64 = 60_000
    let now = ContinuousClock.now
    for transfer in transfers.values {
      guard let deadline = transfer.exchange.stallDeadline else { continue }
      milliseconds = min(milliseconds, max(1, (deadline - now).wholeMilliseconds + 1))
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
