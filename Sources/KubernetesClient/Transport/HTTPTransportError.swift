/// Why an exchange did not come to its end. Named for what a caller can do about it.
public enum HTTPTransportError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The request is not one: a bad URL, or a certificate that cannot be read. Trying again does not help.
  case invalidRequest(String)
  /// No connection came about, so nothing was sent: always safe to try again.
  case cannotConnect(String)
  /// The peer could not be verified, or it refused us. Trying again seldom helps.
  case tls(String)
  /// The whole exchange, or connecting, took longer than allowed.
  case timedOut(String)
  /// No byte came for this long.
  case stalled(Duration)
  /// The connection broke during the exchange; the request may have been carried out.
  case connectionLost(String)
  /// The body is longer than the caller wants to hold.
  case bodyTooLarge(limit: Int)
  /// A write of a process that does not lead: nothing was sent. Another does the work.
  case notLeading
  /// The transport was shut down.
  case shutDown
  /// Anything else libcurl reports, with its code.
  case failed(code: Int, String)

  /// One line for a person.
  public var description: String {
    switch self {
    case .invalidRequest(let why): "the request cannot be sent: \(why)"
    case .cannotConnect(let why): "no connection: \(why)"
    case .tls(let why): "TLS failed: \(why)"
    case .timedOut(let why): "timed out: \(why)"
    case .stalled(let time): "the server sent nothing for \(time)"
    case .connectionLost(let why): "the connection broke: \(why)"
    case .bodyTooLarge(let limit): "the response is longer than \(limit) bytes"
    case .notLeading: "another process leads: this one writes nothing"
    case .shutDown: "the transport was shut down"
    case .failed(let code, let why): "libcurl error \(code): \(why)"
    }
  }

  /// Whether the server cannot have seen the request.
  public var nothingWasSent: Bool {
    if case .cannotConnect = self { true } else { false }
  }
}
