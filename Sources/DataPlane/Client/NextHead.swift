import NIOCore
import NIOHTTP1

/// Tells whether bytes of a request's head came behind the request before it, which the decoder keeps to itself.
struct NextHead {
  /// Whether some have come, and not yet all.
  private(set) var hasBegun = false
  private var isBetweenRequests = true
  private var endedInThisRead = false
  private var lastBody: ByteBuffer?

  /// The decoder made a part of the bytes that came.
  mutating func decoded(_ part: HTTPServerRequestPart) {
    switch part {
    case .head: lastBody = nil
    case .body(let piece): lastBody = piece
    case .end: endedInThisRead = true
    }
    if case .end = part { isBetweenRequests = true } else { isBetweenRequests = false }
  }

  /// The decoder has made of these bytes all that it could.
  mutating func decodedAll(of bytes: ByteBuffer) {
    if !isBetweenRequests {
      hasBegun = false
    } else if endedInThisRead {
      hasBegun = !endsRequest(bytes)
    } else if !Self.isBlank(bytes) {
      hasBegun = true
    }
    endedInThisRead = false
    lastBody = nil
  }

  /// Whether there are only line ends, which may stand before a head (RFC 9112, section 2.2).
  static func isBlank(_ bytes: ByteBuffer) -> Bool { bytes.readableBytesView.allSatisfy(isLineEnd) }

  /// A request ends with an empty line, or with the last bytes of a body of known length.
  private func endsRequest(_ bytes: ByteBuffer) -> Bool {
    let all = bytes.readableBytesView
    let text = all[..<Self.endOfText(all)]
    if all[text.endIndex...].count(where: { $0 == UInt8(ascii: "\n") }) > 1 { return true }
    guard let body = lastBody?.readableBytesView else { return false }
    return text.suffix(32).reversed().starts(with: body[..<Self.endOfText(body)].suffix(32).reversed())
  }

  private static func endOfText(_ bytes: ByteBufferView) -> Int {
    bytes.lastIndex { !isLineEnd($0) }.map { $0 + 1 } ?? bytes.startIndex
  }

  private static func isLineEnd(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n") }
}
