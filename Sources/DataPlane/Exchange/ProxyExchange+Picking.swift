import NIOCore
import Routing

/// How far an external picker is with a request.
enum PickingStage: Equatable {
  /// None is asked, or it has nothing more to say.
  case none
  /// It is shown the request, and is to say where it goes.
  case request
  /// It has said where, and is to be shown the response.
  case picked
  /// It is shown the head of the response, which waits for it.
  case response
  /// It has seen the response, and can only end it.
  case watching
}

/// A response's head that its picker looks at. A class, since an exchange is large, and seldom has one.
final class HeldResponse {
  let head: ResponseHead
  let framing: BodyFraming

  init(_ head: ResponseHead, _ framing: BodyFraming) { (self.head, self.framing) = (head, framing) }
}

// What an external picker says of the request and its response.
extension ProxyExchange {
  /// The client is read no further while so many bytes of its body have not been shown to the picker.
  static let maximumUnshownBytes = 256 << 10

  /// Asks who picks for the plan's pool, or turns to the endpoint that is picked already.
  mutating func pick(into actions: inout ExchangeActions) {
    guard let picker = plan?.picker else { return dispatch(fresh: false, into: &actions) }
    picking = .request
    actions.append(.ask(picker))
  }

  /// Whether the picker is what is waited for.
  @inline(__always) var awaitsPicker: Bool {
    switch picking {
    case .none, .picked, .watching: false
    case .request: requestEnded || !readsClient
    case .response: true
    }
  }

  /// Bytes of the body that were not shown to the picker.
  @inline(__always) var unshownBytes: Int { body.bytesToSend - shownBytes }

  /// So many more bytes of the body have been shown to the picker.
  mutating func shown(_ bytes: Int) { shownBytes += bytes }

  /// The picker has said where the request goes.
  mutating func picked(
    _ picked: PickedRequest, now: UInt64, admit: (WaitingRequest) -> Admission = { _ in .now },
    into actions: inout ExchangeActions
  ) {
    guard picking == .request, !isFinished, let plan else { return }
    guard let candidates = Candidates(listed: picked.endpoints, of: plan.binding.pool) else {
      return pickFailed(.noEndpointOfPool(plan, picked.endpoints), now: now, admit: admit, into: &actions)
    }
    picking = .picked
    self.plan?.candidates = candidates
    if !picked.head.isEmpty {
      var head = outgoingHead
      head.apply(picked.head)
      changedHead = head
    }
    if let bytes = picked.body { body.replace(with: bytes.map { ByteBuffer(bytes: $0) }) }
    dispatch(fresh: false, into: &actions)
  }

  /// The picker does not pick. The pool says what becomes of the request. Where the gateway picks, `admit` says whether the pool has room
  /// for what goes there without its picker.
  mutating func pickFailed(
    _ error: GatewayError, ending: PickEnding = .done, now: UInt64,
    admit: (WaitingRequest) -> Admission = { _ in .now }, into actions: inout ExchangeActions
  ) {
    guard picking == .request, !isFinished, let picker = plan?.picker else { return }
    stopPicking(ending, into: &actions)
    record.pickerFailure = error.kind
    if picker.failureMode == .close { return fail(error, into: &actions) }
    if let fallback = plan?.fallback {
      switch admit(fallback) {
      case .now: break
      case .later: return wait(fallback, into: &actions)
      case .reject(let error): return fail(error, into: &actions)
      }
    }
    plan?.candidates.renew(now: now)
    dispatch(fresh: false, into: &actions)
  }

  /// The picker gives the client's answer itself.
  mutating func pickerAnswered(_ answer: LocalResponse, into actions: inout ExchangeActions) {
    guard picking != .none, !isFinished, let plan else { return }
    stopPicking(into: &actions)
    let error = GatewayError.pickerRejected(plan, status: answer.status)
    leaveUpstream(into: &actions)
    if isAnswering { return end(with: error, into: &actions) }
    record.error = error
    respond(answer, into: &actions)
  }

  /// The head of a response has come that the picker is to see before the client.
  mutating func show(_ head: ResponseHead, _ framing: BodyFraming, into actions: inout ExchangeActions) {
    guard let endpoint = plan?.candidates.current.state.id else { return }
    picking = .response
    heldResponse = HeldResponse(head, framing)
    count(into: &actions)
    actions.append(.showResponse(head, endpoint, hasBody: framing != .none && framing != .length(0)))
  }

  /// The picker has seen the head of the response.
  mutating func responsePicked(_ mutation: HeadMutation, into actions: inout ExchangeActions) {
    guard picking == .response, !isFinished, let held = heldResponse else { return }
    picking = .watching
    var head = held.head
    head.block.apply(mutation)
    relay(head, held.framing, into: &actions)
  }

  /// The picker has nothing more to say, whether or not it was asked. A response that it does not look at is the client's all the same:
  /// the work is done.
  mutating func pickerEnded(
    failure: GatewayError? = nil, ending: PickEnding = .done, into actions: inout ExchangeActions
  ) {
    guard picking != .none, picking != .request, !isFinished else { return }
    let waits = picking == .response
    if let failure { record.pickerFailure = failure.kind }
    stopPicking(ending, into: &actions)
    guard waits, let held = heldResponse else { return }
    relay(held.head, held.framing, into: &actions)
  }

  /// The picker took longer than it may.
  mutating func pickerTimedOut(
    now: UInt64, admit: (WaitingRequest) -> Admission = { _ in .now }, into actions: inout ExchangeActions
  ) {
    guard let plan, awaitsPicker else { return }
    if picking == .response {
      pickerEnded(failure: .pickerTimeout(plan), ending: .timedOut, into: &actions)
    } else {
      pickFailed(.pickerTimeout(plan), ending: .timedOut, now: now, admit: admit, into: &actions)
    }
  }

  private mutating func stopPicking(_ ending: PickEnding = .done, into actions: inout ExchangeActions) {
    picking = .none
    actions.append(.stopPicking(ending))
  }
}
