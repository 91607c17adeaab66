package import NIOCore
import NIOEmbedded
package import NIOHTTP1

/// What NIOHTTP1's parser, which is llhttp, makes of the same bytes.
package struct Reference {
  package private(set) var trace = CodecTrace()
  /// Why it read nothing more; not that the bytes end within a message.
  package private(set) var error: HTTPParserError?
  /// Any other error.
  private var other: (any Error)?

  /// Reads requests that come in these pieces.
  package init(requests pieces: [ByteBuffer]) {
    let channel = EmbeddedChannel(handler: ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)))
    read(pieces, channel) { (part: HTTPServerRequestPart, trace) in
      switch part {
      case .head(let head):
        let version = "HTTP/\(head.version.major).\(head.version.minor)"
        trace.messages.append(.init("\(head.method.rawValue) \(head.uri) \(version)", head.headers))
      case .body(let bytes): trace.append(bytes)
      case .end: trace.end()
      }
    }
  }

  /// Reads a response that comes in these pieces, and the end of the connection behind it.
  package init(response pieces: [ByteBuffer], isHead: Bool) {
    let decoder = HTTPResponseDecoder(leftOverBytesStrategy: .dropBytes, informationalResponseStrategy: .forward)
    let channel = EmbeddedChannel(handler: ByteToMessageHandler(decoder))
    let request = HTTPRequestHead(version: .http1_1, method: isHead ? .HEAD : .GET, uri: "/")
    attempt { _ = try channel.writeOutbound(HTTPClientRequestPart.head(request)) }
    read(pieces, channel) { (part: HTTPClientResponsePart, trace) in
      switch part {
      case .head(let head):
        let start = "HTTP/\(head.version.major).\(head.version.minor) \(head.status.code)"
        trace.messages.append(.init(start, head.headers))
        // An interim response has no end of its own.
        if head.status.code < 200 { trace.end() }
      case .body(let bytes): trace.append(bytes)
      case .end: trace.end()
      }
    }
  }

  private mutating func read<Part>(
    _ pieces: [ByteBuffer], _ channel: EmbeddedChannel, _ note: (Part, inout CodecTrace) -> Void
  ) {
    for piece in pieces where error == nil {
      attempt { _ = try channel.writeInbound(piece) }
    }
    attempt { _ = try channel.finish(acceptAlreadyClosed: true) }
    var trace = trace
    attempt {
      while let part = try channel.readInbound(as: Part.self) { note(part, &trace) }
    }
    self.trace = trace
  }

  private mutating func attempt(_ body: () throws -> Void) {
    do {
      try body()
    } catch let error as HTTPParserError {
      if error != .invalidEOFState { self.error = self.error ?? error }
    } catch {
      other = error
    }
  }
}

extension CodecTrace.Message {
  /// A message as NIOHTTP1 has it.
  fileprivate init(_ start: String, _ headers: HTTPHeaders) {
    self.init(
      start: start,
      fields: headers.map { field in
        let value = field.value.drop { $0 == " " || $0 == "\t" }
        let end = value.lastIndex { $0 != " " && $0 != "\t" }.map { value.index(after: $0) } ?? value.startIndex
        return "\(field.name): \(value[..<end])"
      })
  }
}
