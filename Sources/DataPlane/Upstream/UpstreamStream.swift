package import NIOCore
import Routing

/// The next part of a response, as an exchange is told it.
package enum ResponsePart: Equatable {
  /// None before more bytes come.
  case needMore
  /// An interim response, whose head is that of its stream; the response itself follows.
  case interim
  /// The head, which is that of its stream.
  case head(BodyFraming)
  /// The head of a response that takes up the offer of WebSocket, which is that of its stream: whatever follows, up to the end of
  /// the connection, is handed on as `body`.
  case switched
  /// Bytes of the body, so many of them data: all, but for chunks that are handed on as they came.
  case body(ByteBuffer, data: Int)
  case end
  /// Nothing can be read from here on.
  case fault(HTTP1Fault)
}

/// The endpoint's side of one exchange, whatever protocol carries it: the request goes in, and what comes of the response is told to
/// the ``ExchangeRunner`` that has taken it.
protocol UpstreamStream: AnyObject {
  /// Bytes of the request that the endpoint has not taken.
  var unsent: Int { get }
  /// The head of the response.
  var head: ResponseHead { get }
  /// The fields behind the body of the response that has ended.
  var trailer: FieldBlock? { get }
  /// Whether the body of the response can be had in chunks as they come.
  var hasChunks: Bool { get }
  /// Hand on chunks as they come; only where it has such.
  var relaysChunks: Bool { get set }
  /// Read the token counts of the response's body as it passes.
  func readUsage()
  /// The token counts that have passed; `nil` where they are not read.
  var usage: TokenUsage? { get }
  /// From now on `owner` is told what comes, for a request whose method is HEAD or not.
  func take(_ owner: ExchangeRunner, isHead: Bool)
  /// Writes the head of a request.
  func write(_ head: RequestHead, _ fields: UpstreamFields)
  /// Writes bytes of a request's body.
  func write(_ piece: ByteBuffer)
  /// Takes the fields behind a request's body.
  func write(trailer: FieldBlock)
  /// Writes the end of a request.
  func writeEnd()
  /// Sends what was written.
  func flush()
  /// Whether bytes may be read; the other half of back-pressure towards the endpoint.
  func setReading(_ reads: Bool)
  /// The exchange is over, or turns elsewhere: goes back to the pool. `isReusable`: request and response went over it whole.
  func release(to pool: UpstreamPool, isReusable: Bool)
}
