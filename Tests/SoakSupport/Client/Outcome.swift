import NIOCore

/// What a client got for one request.
struct Outcome {
  enum Ending: String {
    /// The response is whole.
    case whole
    /// The connection ended within it.
    case cut
    /// The connection ended before any byte of it.
    case none
    /// The connection ended with the response to a request before it.
    case skipped
    /// The client left.
    case left
  }

  var status = 0
  /// The request that the server said it answered; `nil` for the gateway's own answers.
  var echo: Int?
  /// The `code` of the gateway's own answer, or of the error event.
  var isEventStream = false
  var saysClose = false
  var body = ByteBuffer()
  var ending = Ending.none
  var sawInterim = false

  init() {}

  init(_ head: MessageHead) {
    status = head.status
    echo = head.number("x-soak-id")
    isEventStream = head.values("content-type").contains("text/event-stream")
    saysClose = head.values("connection").contains("close")
    ending = .cut
  }

  /// The reason that the gateway gives, if it does.
  var reason: String? { Self.reason(String(buffer: body)) }

  static func reason(_ text: String) -> String? {
    guard let start = text.range(of: "\"code\":\"") else { return nil }
    return String(text[start.upperBound...].prefix { $0 != "\"" })
  }
}

extension String {
  /// The first place of some text.
  fileprivate func range(of text: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return nil
  }
}
