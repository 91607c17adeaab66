import Logging
import NIOCore
import NIOHTTP1
import Routing

// Carrying out what the exchange asks for.
extension ClientHandler {
  func perform(_ action: ExchangeAction) {
    switch action {
    case .sendContinue:
      writeClient(.head(HTTPResponseHead(version: .http1_1, status: .continue)))
      context?.flush()
    case .decide(let head, let model):
      exchange?.decided(loop.decide(head, model, client), into: &actions)
    case .dispatch(let endpoint, let fresh): dispatch(endpoint.id, fresh: fresh)
    case .upstreamHead(let head): writeUpstream(.head(head))
    case .upstreamBody(let piece): writeUpstream(.body(.byteBuffer(piece)))
    case .upstreamEnd: writeUpstream(.end(nil))
    case .endpointFailed(let endpoint): loop.inFlight.fail(endpoint, now: loop.eventLoop.now.uptimeNanoseconds)
    case .releaseUpstream(let reusable): release(reusable: reusable)
    case .clientHead(let head):
      exchange?.record.firstByteNanoseconds = elapsed
      writeClient(.head(head))
    case .clientBody(let piece):
      if exchange?.record.firstBodyByteNanoseconds == nil { exchange?.record.firstBodyByteNanoseconds = elapsed }
      writeClient(.body(.byteBuffer(piece)))
    case .clientEnd: break  // Written with `finish`, which follows and knows whether the write must be waited for.
    case .finish(let ending): finish(ending)
    }
  }

  /// Answers a request whose head could not be read, then closes.
  func answerUnreadable(_ error: GatewayError) {
    loop.observer.requestStarted()
    started = loop.eventLoop.now
    let answer = error.response(keepAlive: false, clientVersion: .http1_1)
    writeClient(.head(answer.head))
    writeClient(.body(.byteBuffer(answer.body)))
    closeAfterEnd(lingers: true)
    var record = ProxyRecord()
    record.status = error.status
    record.listenerAddress = client.listenerAddress
    record.listenerPort = client.listenerPort
    record.error = error
    report(record)
  }

  /// What to tell a client whose bytes the decoder refuses; `nil` for a broken connection.
  func fault(for error: any Error) -> GatewayError? {
    guard let error = error as? HTTPParserError else { return nil }
    let limit = loop.configuration.maximumHeaderBytes
    switch error {
    case .headerOverflow where !hasRequestLine: return .targetTooLong(limit: limit)
    case .headerOverflow: return .headTooLarge(limit: limit)
    case .invalidEOFState: return nil
    case .unknown: return .malformed("a line end, a chunk or the transfer coding is not as it must be")
    default: return .malformed("\(error)")
    }
  }

  private func writeClient(_ part: HTTPServerResponsePart) {
    clientIsDirty = true
    context?.write(wrapOutboundOut(part), promise: nil)
  }

  private func writeUpstream(_ part: HTTPClientRequestPart) {
    upstreamIsDirty = true
    upstream?.write(part)
  }

  private func finish(_ ending: ExchangeAction.Ending) {
    guard let exchange else { return }
    report(exchange.record)
    self.exchange = nil
    switch ending {
    case .keepAlive:
      if loop.isDraining { return closeAfterEnd(lingers: !exchange.requestEnded) }
      writeClient(.end(nil))
      if exchange.requestEnded { becomeIdle() } else { discardRest() }
      serveWaiting()
    case .close: closeAfterEnd(lingers: !exchange.requestEnded)
    case .abort:
      isClosing = true
      closeNow()
    case .reset: closeWithReset()
    }
  }

  private var elapsed: UInt64 { UInt64(max(0, (loop.eventLoop.now - started).nanoseconds)) }

  private func report(_ record: ProxyRecord) {
    var record = record
    record.durationNanoseconds = elapsed
    loop.observer.requestFinished(record)
    loop.logger.log(
      level: record.error.map { Logger.Level($0.kind.treatment.logLevel) } ?? .debug, "request",
      metadata: [
        "status": "\(record.status)", "pool": "\(record.pool?.description ?? "-")", "model": "\(record.model ?? "-")",
        "endpoint": "\(record.endpoint?.description ?? "-")", "attempts": "\(record.attempts)",
        "milliseconds": "\(record.durationNanoseconds / 1_000_000)", "reason": "\(record.error?.kind.rawValue ?? "-")",
        "failure": "\(record.error?.message ?? "-")",
      ])
  }
}
