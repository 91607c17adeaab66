import NIOCore
import Routing

/// A request in the hands of an external picker. A class of its own, so that requests without one carry a `nil` only.
final class ActivePick {
  fileprivate(set) var session: (any PickSession)?
  /// How far the body has been shown.
  fileprivate var cursor = RequestBody.Cursor()
  /// The body has been shown whole.
  fileprivate var isShown: Bool
  /// What has come of the response while its head waits for the picker.
  fileprivate var held = CircularBuffer<HeldPart>()
  /// What was held is being handed on.
  fileprivate var isHandingOn = false
  /// The part that comes next is one that was held.
  fileprivate var isDue = false
  fileprivate let deadline: ConnectionDeadline<Void>
  fileprivate let asked: NIODeadline

  enum HeldPart {
    case part(HTTP1ResponseReader.Part)
    case lost(GatewayError)
  }

  fileprivate init(_ loop: any EventLoop, hasBody: Bool) {
    deadline = ConnectionDeadline(on: loop)
    asked = loop.now
    isShown = !hasBody
  }
}

// What an external picker is told, and what it says.
extension ExchangeRunner {
  /// Asks a picker for an endpoint.
  func ask(_ picker: ExternalPicker) {
    let hasBody = exchange.framing != .none && exchange.framing != .length(0)
    let pick = ActivePick(loop.eventLoop, hasBody: hasBody)
    self.pick = pick
    pick.deadline.onPassed { [unowned self] in
      let (now, admit) = (uptime, loop.steps.queue.admit)
      endWait()
      tell { $0.pickerTimedOut(now: now, admit: admit, into: &$1) }
      perform()
    }
    guard let pickers = loop.pickers else { return pickFails("this gateway asks no pickers") }
    let session = pickers(picker) { [weak self, weak pick] event in
      guard let self, let pick, pick === self.pick else { return }
      pickerSays(event)
    }
    pick.session = session
    session.begin(pickerHead, hasBody: hasBody)
  }

  /// The head of the response has come.
  func showResponse(_ head: ResponseHead, from endpoint: EndpointID, hasBody: Bool) {
    pick?.session?.response(head, from: endpoint, hasBody: hasBody)
  }

  /// Bytes of the response are on their way to the client.
  func showResponseBody(_ piece: ByteBuffer) {
    guard let session = pick?.session else { return }
    piece.withUnsafeReadableBytes { session.responseBody($0) }
  }

  /// The response has ended; where it was cut short, its picker learns no more than that its stream ends.
  func endResponseBody() { if exchange.record.error == nil { pick?.session?.responseEnd() } }

  /// The picker is not asked any more.
  func stopPicking(_ ending: PickEnding) {
    pick?.session?.finish(ending)
    pick?.session = nil
    pick?.deadline.clear()
  }

  /// The request is over.
  func endPicking() {
    guard let pick else { return }
    stopPicking(.done)
    pick.deadline.cancel()
    self.pick = nil
  }

  /// What follows each event while a picker is asked.
  func followPicker() {
    showBody()
    updatePickerDeadline()
    guard let pick, !pick.isHandingOn else { return }
    pick.isHandingOn = true
    defer { pick.isHandingOn = false }
    // In the order in which it came, one after the other: each of them asks for what follows it.
    while standing.picking != .response, self.pick === pick, let next = pick.held.popFirst() {
      guard let upstream else { return pick.held.removeAll() }
      pick.isDue = true
      switch next {
      case .part(let part): upstreamRead(part, from: upstream)
      case .lost(let failure): upstreamLost(failure, from: upstream)
      }
    }
  }

  /// Whether the response waits for the picker, or something that came before: then its parts wait, too.
  func holds(_ part: ActivePick.HeldPart) -> Bool {
    guard let pick else { return false }
    if pick.isDue {
      pick.isDue = false
      return false
    }
    guard standing.picking == .response || !pick.held.isEmpty else { return false }
    pick.held.append(part)
    return true
  }

  /// The head as endpoints would get it, with what tells them of the model and of the request.
  private var pickerHead: RequestHead {
    var head = exchange.outgoingHead
    let fields = [
      ("x-gateway-model-name", exchange.plan?.model), ("x-gateway-base-model-name", exchange.plan?.baseModel),
    ]
    for case (let name, let value?) in fields where ForwardedFields.isFieldValue(value) {
      head.block.append(name: name, value: value, isOurs: true)
    }
    if !RequestID.isKept(head.block) {
      head.block.removeAll(.xRequestID)
      head.block.append(name: "x-request-id", value: requestID.text(for: head.block))
    }
    return head
  }

  private func showBody() {
    guard let pick, let session = pick.session, standing.picking == .request, !pick.isShown else { return }
    var shown = 0
    while session.room > 0 {
      let count = exchange.body.show(&pick.cursor, upTo: session.room) { session.body($0) }
      if count == 0 { break }
      shown += count
    }
    if shown > 0 {
      tell { exchange, _ in exchange.shown(shown) }
      pick.deadline.clear()
    }
    guard exchange.requestEnded, exchange.unshownBytes == 0 else { return }
    pick.isShown = true
    session.end()
  }

  private func updatePickerDeadline() {
    guard let pick else { return }
    guard standing.awaitsPicker else { return pick.deadline.clear() }
    guard pick.deadline.kind == nil else { return }
    pick.deadline.set((), in: .seconds(loop.configuration.pickerTimeoutSeconds))
  }

  private func pickerSays(_ event: PickEvent) {
    let (now, admit) = (uptime, loop.steps.queue.admit)
    switch event {
    case .hasRoom: break
    case .picked(let picked):
      endWait()
      tell { $0.picked(picked, now: now, admit: admit, into: &$1) }
    case .answered(let answer):
      endWait()
      tell { $0.pickerAnswered(answer, into: &$1) }
    case .response(let mutation): tell { $0.responsePicked(mutation, into: &$1) }
    case .ended: tell { $0.pickerEnded(into: &$1) }
    case .failed(let reason): pickFails(reason)
    }
    perform()
  }

  /// The picker does not do its part, for this reason.
  func pickFails(_ reason: String) {
    guard let plan = exchange.plan else { return }
    endWait()
    let (error, now, admit) = (GatewayError.pickerFailed(plan, reason), uptime, loop.steps.queue.admit)
    tell {
      if $0.picking == .request {
        $0.pickFailed(error, now: now, admit: admit, into: &$1)
      } else {
        $0.pickerEnded(failure: error, into: &$1)
      }
    }
  }

  private func endWait() {
    guard let pick, standing.picking == .request else { return }
    let waited = UInt64(max(0, (loop.eventLoop.now - pick.asked).nanoseconds))
    tell { exchange, _ in exchange.record.pickerNanoseconds = waited }
  }

  private var uptime: UInt64 { loop.eventLoop.now.uptimeNanoseconds }
}
