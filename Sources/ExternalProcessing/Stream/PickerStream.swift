import Foundation
import Routing

/// What one picker says of one request, message by message: a state machine that does no I/O.
///
/// Pickers answer in one of two ways, and which one shows only when they do. Those that stream answer the head, and then send
/// the body back in messages of ``Envoy_Service_ExtProc_V3_StreamedBodyResponse``, which replaces the client's. Others, as the
/// reference `lwepp`, answer each message of the body without saying anything, some of them before the head: that leaves the body as
/// it is. The request goes on when head and body are answered.
///
/// Source: `external_processor.proto`, Envoy 1.40; proposal 004 of the Gateway API Inference Extension.
struct PickerStream {
  /// What is to be done.
  enum Action: Equatable {
    case say(PickEvent)
    /// Break the stream off.
    case reset
  }

  enum Phase: Equatable {
    /// The request is shown.
    case request
    /// It has been picked for, and the response has not come.
    case picked
    /// The head of the response is shown.
    case response
    /// The head of the response was answered, and its body is shown.
    case watching
    case ended
  }

  /// Messages that a picker may send for one request.
  static let maximumMessages = 1 << 16

  let hasBody: Bool
  /// Bytes that a body may have.
  let maximumBodyBytes: Int
  private(set) var phase = Phase.request
  private var isBodyShown = false
  private var messages = 0
  private var head: HeadMutation?
  private var destination = Destination()
  private var body = Body()

  /// Where the picker says that the request goes. Both are to be equal; the header counts.
  private struct Destination {
    var header: String?
    var metadata: String?
  }

  private struct Body {
    var pieces: [[UInt8]] = []
    var bytes = 0
    var isStreamed = false
    var isAnswered = false
  }

  init(hasBody: Bool, maximumBodyBytes: Int) {
    self.hasBody = hasBody
    self.maximumBodyBytes = maximumBodyBytes
  }

  /// Whether the picker has said anything.
  var hasSpoken: Bool { messages > 0 }

  /// Bytes of the picker's own body that are kept.
  var bodyBytes: Int { body.pieces.isEmpty ? 0 : body.bytes }

  /// The request's body has been shown whole.
  mutating func bodyShown() { isBodyShown = true }

  /// The head of the response has been shown; says whether the picker will look at it.
  mutating func responseShown() -> Bool {
    guard phase == .picked else { return false }
    phase = .response
    return true
  }

  /// The picker has sent a message.
  mutating func received(_ reply: PickerReply) -> [Action] {
    // Its answers to the response's body change nothing: that is with the client.
    if phase == .ended || phase == .watching && reply.isOfResponseBody { return [] }
    messages += 1
    do throws(PickerFault) {
      guard messages <= Self.maximumMessages else { throw PickerFault("it sends messages without end") }
      return try take(reply)
    } catch {
      return fail(error.reason)
    }
  }

  /// The stream holds what is no message.
  mutating func malformed(_ reason: String) -> [Action] { phase == .ended ? [] : fail(reason) }

  /// The stream has ended.
  mutating func closed(_ end: GRPCEnd) -> [Action] {
    defer { phase = .ended }
    switch phase {
    case .ended: return []
    case .picked, .response, .watching: return [.say(end.isClean ? .ended : .failed(end.reason))]
    case .request:
      guard end.isClean, head != nil else {
        return [.say(.failed(end.isClean ? "it closed the stream without an answer" : end.reason))]
      }
      guard !body.isStreamed else { return [.say(.failed("it broke off the body that it sent"))] }
      do throws(PickerFault) {
        return [.say(.picked(try picked())), .say(.ended)]
      } catch {
        return [.say(.failed(error.reason))]
      }
    }
  }

  private mutating func fail(_ reason: String) -> [Action] {
    phase = .ended
    return [.say(.failed(reason)), .reset]
  }

  private mutating func take(_ reply: PickerReply) throws(PickerFault) -> [Action] {
    if phase == .request, reply.hasDynamicMetadata, let text = PickedEndpoints.text(in: reply.dynamicMetadata) {
      destination.metadata = text
    }
    switch reply.response {
    case .immediateResponse(let answer):
      let answer = try LocalResponse(answer)
      phase = .ended
      return [.say(.answered(answer)), .reset]
    case .requestHeaders(let answer): try answeredHead(answer.response)
    case .requestBody(let answer): try answeredBody(answer.response)
    case .responseHeaders(let answer): return try answeredResponse(answer.response)
    case .responseBody: throw PickerFault("it answers a response's body, which it was not shown")
    case .requestTrailers, .responseTrailers: throw PickerFault("it answers trailers, which it was not shown")
    // It asks for more time, or for another mode, neither of which is granted.
    case nil: break
    }
    guard phase == .request, head != nil, !hasBody || body.isAnswered else { return [] }
    let picked = try picked()
    phase = .picked
    return [.say(.picked(picked))]
  }

  private mutating func answeredHead(_ answer: Envoy_Service_ExtProc_V3_CommonResponse) throws(PickerFault) {
    guard phase == .request, head == nil else { throw PickerFault("it answers the request's head twice") }
    head = try HeadMutation(answer.headerMutation)
    for option in answer.headerMutation.setHeaders where option.header.key.lowercased() == PickerMessages.destination {
      let value = option.header.rawValue
      destination.header = value.isEmpty ? option.header.value : String(decoding: value, as: UTF8.self)
    }
    // With any other status a body that comes with the head means nothing.
    guard answer.status == .continueAndReplace else { return }
    guard hasBody || !answer.bodyMutation.body.isEmpty else { return }
    body.isStreamed = true
    body.isAnswered = true
    try add(answer.bodyMutation.body)
  }

  private mutating func answeredBody(_ answer: Envoy_Service_ExtProc_V3_CommonResponse) throws(PickerFault) {
    guard hasBody else { throw PickerFault("it answers the request's body, which has none") }
    switch answer.bodyMutation.mutation {
    case nil:
      // Says nothing: of a piece of the body, some of them late.
      if isBodyShown, !body.isStreamed { body.isAnswered = true }
    case .body, .clearBody_p:
      throw PickerFault("it changes the body in another mode than the streamed one that it was asked for")
    case .streamedResponse(let piece):
      guard phase == .request, !body.isAnswered else {
        throw PickerFault("it sends more of the body than the end of it")
      }
      guard head != nil else { throw PickerFault("it sends a body before it has answered the head") }
      guard isBodyShown || !piece.endOfStream else { throw PickerFault("it ends a body that it has not got whole") }
      body.isStreamed = true
      body.isAnswered = piece.endOfStream
      try add(piece.body)
    }
  }

  private mutating func add(_ bytes: Data) throws(PickerFault) {
    body.bytes += bytes.count
    guard body.bytes <= maximumBodyBytes else {
      throw PickerFault("it sends a body of more than the \(maximumBodyBytes) bytes that this gateway takes")
    }
    if !bytes.isEmpty { body.pieces.append(Array(bytes)) }
  }

  private mutating func answeredResponse(
    _ answer: Envoy_Service_ExtProc_V3_CommonResponse
  ) throws(PickerFault) -> [Action] {
    guard phase == .response else {
      throw PickerFault("it answers the response's head " + (phase == .watching ? "twice" : "before it was shown it"))
    }
    guard answer.status == .continue else {
      throw PickerFault("it replaces the response's body, which it was not shown")
    }
    let mutation = try HeadMutation(answer.headerMutation)
    phase = .watching
    return [.say(.response(mutation))]
  }

  private mutating func picked() throws(PickerFault) -> PickedRequest {
    guard let text = destination.header ?? destination.metadata, !text.isEmpty else {
      throw PickerFault("it named no endpoint")
    }
    let endpoints = PickedEndpoints.parse(text)
    guard !endpoints.isEmpty else { throw PickerFault("it named what is no address and port: '\(text.prefix(80))'") }
    defer { body.pieces = [] }
    return PickedRequest(endpoints: endpoints, head: head ?? HeadMutation(), body: body.isStreamed ? body.pieces : nil)
  }
}

extension Envoy_Service_ExtProc_V3_ProcessingResponse {
  fileprivate var isOfResponseBody: Bool { if case .responseBody? = response { true } else { false } }
}
