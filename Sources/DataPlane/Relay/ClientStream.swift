import NIOCore
import Routing

/// The client's side of one exchange, whatever protocol carries it.
protocol ClientStream: AnyObject {
  /// Whether the client takes bytes now.
  var isWritable: Bool { get }
  /// Tells a client that asked whether it may send its body.
  func sendContinue()
  /// An interim response.
  func sendInterim(_ head: ResponseHead)
  /// The head of a response whose endpoint framed its body like this. `hasChunks`: it could be had in chunks of HTTP/1 as they came.
  /// Returns whether it is to be.
  func sendHead(_ head: ResponseHead, _ framing: BodyFraming, hasChunks: Bool) -> Bool
  /// The head of a response of status 101. From here on the connection is not HTTP: bodies are the bytes of both sides, and an end
  /// is that of one side.
  func sendUpgrade(_ head: ResponseHead)
  func sendBody(_ piece: ByteBuffer)
  /// The fields behind the body, before ``sendEnd()``.
  func sendTrailer(_ fields: FieldBlock)
  func sendEnd()
  /// An answer of our own, whole; returns the bytes of its body.
  func sendAnswer(_ error: GatewayError, ends: Bool) -> Int
  /// The exchange is over.
  func finished(_ ending: ExchangeAction.Ending)
  /// All that was written is to be sent.
  func flush()
  /// All that the exchange has asked for is done.
  func performed()
}
