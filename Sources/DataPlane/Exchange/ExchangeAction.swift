import NIOCore
import NIOHTTP1
import Routing

/// What a ``ProxyExchange`` asks of the shell around it, in this order.
enum ExchangeAction: Equatable {
  /// Tell a waiting client to send its body.
  case sendContinue
  /// Ask the router, then call ``ProxyExchange/decided(_:into:)``. The head has no forged headers left.
  case decide(HTTPRequestHead, model: String?)
  /// Count the endpoint as in flight and get a connection to it; `fresh` forbids a reused one.
  case dispatch(Endpoint, fresh: Bool)
  /// Write to the endpoint.
  case upstreamHead(HTTPRequestHead)
  case upstreamBody(ByteBuffer)
  case upstreamEnd
  /// Remember that the endpoint failed, so that requests turn to others first for a while.
  case endpointFailed(EndpointID)
  /// End the in-flight count and give the connection back, or close it.
  case releaseUpstream(reusable: Bool)
  /// Write to the client.
  case clientHead(HTTPResponseHead)
  case clientBody(ByteBuffer)
  case clientEnd
  /// Nothing more will come: report the request, then treat the client's connection as said.
  case finish(Ending)

  /// What happens to the client's connection after a request.
  enum Ending: Equatable {
    /// It serves the next request, once the rest of this one has come.
    case keepAlive
    /// The response is whole; close after the client could read it.
    case close
    /// The response is cut short: close at once so that the client sees the truncation.
    case abort
    /// The same for a client that would take a plain close for the response's end.
    case reset
  }
}

/// A queue of actions, so that an event raised while an action is carried out waits its turn.
typealias ExchangeActions = CircularBuffer<ExchangeAction>
