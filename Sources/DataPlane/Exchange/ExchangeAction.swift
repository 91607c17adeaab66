import NIOCore
import Routing

/// What a ``ProxyExchange`` asks of the shell around it, in this order.
enum ExchangeAction: Equatable {
  /// Tell a waiting client to send its body.
  case sendContinue
  /// Ask the router, then call ``ProxyExchange/decided(_:into:)``.
  case decide(BodyFacts)
  /// Let ``ProxyExchange/waiting`` wait in its pool's queue, then call ``ProxyExchange/admitted(_:into:)`` or ``ProxyExchange/notAdmitted(_:into:)``,
  /// unless the exchange has ended.
  case queue
  /// Ask this picker, showing it the head and the body as they stand; then call ``ProxyExchange/picked(_:now:into:)`` or one of those
  /// beside it.
  case ask(ExternalPicker)
  /// Show the picker the head of the response; the response waits.
  case showResponse(ResponseHead, EndpointID, hasBody: Bool)
  /// The picker is not asked any more.
  case stopPicking(PickEnding)
  /// Get a connection to this endpoint, the plan's present candidate; `fresh` forbids one that rested.
  case dispatch(EndpointID, fresh: Bool)
  /// The attempt that was dispatched just now may take so many nanoseconds; then call
  /// ``ProxyExchange/attemptTimedOut(hasBudget:into:)``. Ends with the attempt.
  case limitAttempt(UInt64)
  /// After so many nanoseconds call ``ProxyExchange/backOffEnded(into:)``, unless the exchange has ended.
  case backOff(UInt64)
  /// The request may take so many nanoseconds from its head on, in place of the time that others have; 0 for any time.
  case limitRequest(UInt64)
  /// From now on the endpoint works on the request, or will as soon as it is connected: count it as in flight.
  case countInFlight
  /// Write ``ProxyExchange/outgoingHead`` to the endpoint, with ``ProxyExchange/upstreamFields``.
  case upstreamHead
  case upstreamBody(ByteBuffer)
  /// The fields behind the body; `upstreamEnd` follows.
  case upstreamTrailer(FieldBlock)
  case upstreamEnd
  /// Remember that the endpoint failed, so that requests turn to others first for a while.
  case endpointFailed(EndpointID)
  /// End the in-flight count, if it began, and give the connection back, or close it. `reusable`: request and response went over it whole.
  case releaseUpstream(reusable: Bool)
  /// Write to the client.
  case clientInterim(ResponseHead)
  case clientHead(ResponseHead, BodyFraming)
  /// Write the head of a response of status 101, where a request was made, and give the client's connection to the other protocol: bodies are its bytes from
  /// here on, and `upstreamEnd` and `clientEnd` the end of what is sent to that side. No time limit of a request holds any more.
  case clientUpgraded(ResponseHead)
  case clientBody(ByteBuffer)
  /// The fields behind the body; `clientEnd` follows.
  case clientTrailer(FieldBlock)
  case clientEnd
  /// Write an answer of our own to the client, whole. `ends`: nothing more is expected of this client.
  case clientAnswer(GatewayError, ends: Bool)
  /// Nothing more will come: report the request.
  case finish(Ending)

  /// How the response ended.
  enum Ending: Equatable {
    /// It is whole. `ends`: the connection must serve no further request.
    case complete(ends: Bool)
    /// It is cut short, and the client must see that.
    case truncated
  }
}
