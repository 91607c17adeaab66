@testable import DataPlane

/// What the actions of one exchange must keep to.
struct ExchangeLedger {
  private var isDispatched = false
  private var isCounted = false
  private var hasHead = false
  private var hasEnd = false
  private var hasSentEnd = false
  private var isAsked = false
  private(set) var isFinished = false
  private(set) var dispatches = 0
  private(set) var faults: [String] = []

  mutating func fault(_ fault: String) { faults.append(fault) }

  mutating func take(_ action: ExchangeAction) {
    if isFinished { faults.append("\(action) after the end") }
    switch action {
    case .dispatch:
      if isDispatched { faults.append("two endpoints at once") }
      (isDispatched, isCounted, hasSentEnd) = (true, false, false)
      dispatches += 1
    case .countInFlight:
      if !isDispatched || isCounted { faults.append("counted twice, or nowhere") }
      isCounted = true
    case .releaseUpstream:
      if !isDispatched { faults.append("released what it has not") }
      isDispatched = false
    case .upstreamHead, .upstreamBody, .upstreamTrailer, .upstreamEnd:
      if !isDispatched || hasSentEnd { faults.append("written to nobody, or behind the end") }
      if action == .upstreamEnd { hasSentEnd = true }
    case .clientHead, .clientAnswer, .clientUpgraded:
      if hasHead { faults.append("two heads") }
      hasHead = true
      // The end was that of the request, and is still to come of a tunnel.
      if case .clientUpgraded = action { hasSentEnd = false }
    case .clientBody, .clientTrailer:
      if !hasHead || hasEnd { faults.append("a body without a head, or behind its end") }
    case .clientEnd: hasEnd = true
    case .finish:
      if isDispatched { faults.append("an endpoint is left behind") }
      isFinished = true
    case .ask:
      if isAsked || isDispatched { faults.append("a picker is asked twice, or late") }
      isAsked = true
    case .showResponse: if !isAsked || hasHead { faults.append("a response is shown to nobody, or late") }
    case .stopPicking:
      if !isAsked { faults.append("nobody was asked") }
      isAsked = false
    case .limitAttempt: if !isDispatched { faults.append("limits no attempt") }
    case .backOff: if isDispatched { faults.append("waits while an endpoint is at it") }
    case .queue: if isAsked || isDispatched || hasHead { faults.append("waits while somebody is at it") }
    case .sendContinue, .clientInterim, .decide, .endpointFailed, .limitRequest: break
    }
  }

  /// Takes all that was asked for.
  mutating func take(all driver: inout ExchangeTests.Driver) {
    while let action = driver.actions.popFirst() { take(action) }
  }
}
