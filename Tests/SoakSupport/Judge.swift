import NIOCore

/// Says whether what a client got is what `docs/delivery.md` allows after what the servers did.
struct Judge {
  /// What may come out.
  private enum Allowed: Equatable {
    case answer(Int)
    /// The gateway's own answer.
    case own(Int, String)
    /// A response cut short, or an event stream that ends with an error event.
    case cut
  }

  /// A request was sent and its outcome is known. Returns what is wrong.
  static func fault(
    _ request: SoakRequest, _ manner: SoakTurn.Manner, _ outcome: Outcome, _ entry: Ledger.Entry
  ) -> String? {
    if let fault = deliveryFault(request, entry) { return fault }
    switch outcome.ending {
    case .left: return nil
    case .skipped: return entry.arrivals == 0 ? nil : "it was served behind the connection's last response"
    case .whole, .cut, .none: break
    }
    if let echo = outcome.echo, echo != request.id { return "it got the answer to request \(echo)" }
    let allowed = allowed(request, manner, entry)
    if allowed.contains(where: { matches($0, request, outcome) }) { return nil }
    let text = String(buffer: outcome.body).prefix(200)
    return "it got \(outcome.ending) \(outcome.status) \(outcome.echo.map { "of \($0)" } ?? "") \(text); "
      + "\(entry.arrivals) arrivals, last \(entry.fate); allowed \(allowed)"
  }

  /// No server saw the request, and yet no other connection was tried: that is allowed where two used connections in a row were closed
  /// just as they were taken, which is rare.
  static func isLostTwice(_ outcome: Outcome, _ entry: Ledger.Entry) -> Bool {
    entry.arrivals == 0 && outcome.status == 502
  }

  /// How often servers may have got it.
  static func deliveryFault(_ request: SoakRequest, _ entry: Ledger.Entry) -> String? {
    // Three endpoints, and one of them twice where a resting connection was closed; else only the latter.
    guard entry.arrivals > (request.isIdempotent ? 4 : 2) else { return nil }
    return "\(request.method) came to servers \(entry.arrivals) times"
  }

  private static func allowed(
    _ request: SoakRequest, _ manner: SoakTurn.Manner, _ entry: Ledger.Entry
  ) -> [Allowed] {
    if manner == .misframed { return [.own(400, "")] }
    // Two used connections in a row may have been closed just as they were taken: see ``isLostTwice(_:_:)``.
    var allowed: [Allowed] = entry.arrivals > 0 ? after(entry.fate, request) : [.own(502, "no_response")]
    if manner == .stops { allowed = [.own(408, "request_body_timeout")] }
    guard request.pool == .flaky else { return allowed }
    // Some of its servers come and go, whatever the request's plan is.
    return allowed + [.own(503, "no_endpoint_answered"), .own(502, "no_response"), .own(502, "invalid_response"), .cut]
  }

  private static func after(_ fate: Fate, _ request: SoakRequest) -> [Allowed] {
    let answer = Allowed.answer(request.answer == .empty ? 204 : 200)
    let (noResponse, invalid) = (Allowed.own(502, "no_response"), Allowed.own(502, "invalid_response"))
    switch fate {
    case .fine, .dribbled, .oneByteChunks, .interim, .extra, .closeAfter, .closeReused, .early: return [answer]
    case .unavailable: return [.answer(503)]
    case .earlyClose: return [answer, invalid, noResponse, .cut]
    case .closeBeforeHead, .resetBeforeHead: return [noResponse]
    case .stall: return [.own(504, "response_timeout")]
    case .halfHead, .malformedHead: return [invalid]
    case .stallInside, .truncated, .badChunk: return [.cut]
    case .resetInside: return [.cut, noResponse, invalid]
    }
  }

  private static func matches(_ allowed: Allowed, _ request: SoakRequest, _ outcome: Outcome) -> Bool {
    switch allowed {
    case .answer(let status):
      return outcome.ending == .whole && outcome.status == status && outcome.echo != nil
        && outcome.body == (request.form == .head ? ByteBuffer() : request.answerBody)
    case .own(let status, let reason):
      guard outcome.ending == .whole, outcome.status == status, outcome.echo == nil else { return false }
      // A plain text or an empty body names no reason.
      return reason.isEmpty || !request.isJSON || outcome.reason == reason
    case .cut: return outcome.echo != nil && isCut(request, outcome)
    }
  }

  private static func isCut(_ request: SoakRequest, _ outcome: Outcome) -> Bool {
    if request.answer == .events, outcome.ending == .whole { return endsWithError(request, outcome) }
    guard outcome.ending == .cut else { return false }
    var all = request.answerBody
    let prefix = all.readSlice(length: min(outcome.body.readableBytes, all.readableBytes))
    return prefix == outcome.body
  }

  /// Whole events, then one that is an error.
  private static func endsWithError(_ request: SoakRequest, _ outcome: Outcome) -> Bool {
    var rest = outcome.body
    for event in request.answerPieces {
      if rest.getSlice(at: rest.readerIndex, length: event.readableBytes) != event { break }
      rest.moveReaderIndex(forwardBy: event.readableBytes)
    }
    let text = String(buffer: rest)
    let reason = Outcome.reason(text)
    return text.hasPrefix("data: {\"error\"") && text.hasSuffix("}\n\n")
      && (reason == "endpoint_lost" || reason == "response_stalled")
  }
}
