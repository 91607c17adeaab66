package import DataPlane
package import NIOCore
import NIOHTTP1

/// How what the codec reads stands to what the reference reads in the same bytes.
package enum Comparison: Equatable {
  /// Both read the same, as far as both read.
  case same
  /// The codec refuses what the reference reads.
  case stricter(HTTP1Fault)
  /// They read different things, or the codec reads what the reference refuses.
  case different(String)

  /// What the codec may refuse and the reference read: each could be read two ways, or breaks a rule that llhttp does not
  /// hold a sender to.
  package static let strictness: Set<HTTP1Fault> = [
    // llhttp passes over any line feeds and carriage returns before a message, and blanks in a first line.
    .requestLine, .lineEnd, .statusLine, .targetByte, .version,
    // It ends a value at a carriage return alone, joins lines, and reads a field without a name.
    .fieldName, .fieldValue, .folding,
    // It takes a last coding `chunked` behind others, and any coding at all in a response and in HTTP/1.0.
    .unknownCoding, .codingOrder, .codingOfOldVersion, .lengthBesideCoding, .severalLengths, .length,
    // It wants no names of extensions and bounds neither them nor sizes below 2^64, nor zeros before them.
    .chunkSize, .chunkExtension, .trailer,
    .switchingProtocols, .interimBody, .tooManyInterims, .unasked, .headTooLarge, .tooManyFields, .targetTooLong,
  ]

  /// Compares what both read of requests that come in these pieces.
  package init(requests pieces: [ByteBuffer]) {
    self.init(CodecTrace(requests: pieces), Reference(requests: pieces)) {
      CodecTrace(requests: pieces + [Self.emptyLine])
    }
  }

  /// Compares what both read of a response that comes in these pieces.
  package init(response pieces: [ByteBuffer], isHead: Bool) {
    self.init(CodecTrace(response: pieces, isHead: isHead), Reference(response: pieces, isHead: isHead)) {
      CodecTrace(response: pieces + [Self.emptyLine], isHead: isHead)
    }
  }

  /// It makes a head or a trailer whole: the codec judges them then, the reference each byte.
  private static let emptyLine = ByteBuffer(string: "\r\n\r\n")

  private init(_ ours: CodecTrace, _ reference: Reference, completed: () -> CodecTrace) {
    self = Self.compare(ours, reference, completed)
    if case .different(let text) = self {
      let error = reference.error.map { "; it says \($0)" } ?? ""
      self = .different("\(text)\nours: \(ours)\nreference: \(reference.trace)\(error)")
    }
  }

  private static func compare(
    _ ours: CodecTrace, _ reference: Reference, _ completed: () -> CodecTrace
  ) -> Comparison {
    let theirs = reference.trace
    for (index, message) in ours.messages.enumerated() {
      guard index < theirs.messages.count else {
        return isOurs(message, reference) ? .same : .different("message \(index): the reference has none")
      }
      if let difference = difference(message, theirs.messages[index], isOver: ours.fault != nil) {
        return .different("message \(index): \(difference)")
      }
      // What follows an offer to switch is another protocol to the reference; a tunnel too.
      if message.has("upgrade") || message.start.hasPrefix("CONNECT ") {
        return .same
      }
    }
    return rest(ours, reference, completed)
  }

  /// What both have behind the messages that the codec has.
  private static func rest(_ ours: CodecTrace, _ reference: Reference, _ completed: () -> CodecTrace) -> Comparison {
    let theirs = reference.trace
    if let fault = ours.fault {
      return reference.error == nil || theirs.messages.count > ours.messages.count ? .stricter(fault) : .same
    }
    if theirs.messages.count > ours.messages.count { return .different("the reference has more messages") }
    guard let error = reference.error else { return .same }
    let whole = completed()
    let more = whole.messages.dropFirst(ours.messages.count)
    if whole.fault != nil || more.contains(where: { isOurs($0, reference) }) { return .same }
    let isOpen = !(ours.messages.last?.isWhole ?? true)
    return more.isEmpty && !isOpen ? .same : .different("the codec would read on, and the reference says \(error)")
  }

  /// Whether the codec may read the message though the reference does not.
  private static func isOurs(_ message: CodecTrace.Message, _ reference: Reference) -> Bool {
    switch reference.error {
    // It knows a list of methods; a method is any token.
    case .invalidMethod: true
    // It knows 1.0 and 1.1; a later minor version is read as 1.1.
    case .invalidVersion: !message.start.contains("HTTP/1.0") && !message.start.contains("HTTP/1.1")
    // Whether a message may follow is the connection's to say.
    case .closedConnection: true
    // The codec knows the bytes of a target; the forms of targets are its caller's to judge.
    case .invalidURL: !message.start.contains(" /")
    default: false
    }
  }

  /// What one has and the other has not.
  private static func difference(
    _ ours: CodecTrace.Message, _ theirs: CodecTrace.Message, isOver: Bool
  ) -> String? {
    // The reference knows this one method by another name.
    let start = theirs.start.replacingPrefix("MSEARCH ", with: "M-SEARCH ")
    if ours.start != start { return "starts with \(ours.start), not \(theirs.start)" }
    if ours.fields != theirs.fields { return "has the fields \(ours.fields), not \(theirs.fields)" }
    if ours.has("upgrade") || ours.start.hasPrefix("CONNECT ") { return nil }
    let isSame = ours.isWhole ? ours.body == theirs.body : theirs.body.starts(with: ours.body)
    if !isSame { return "has the body \(ours.body), not \(theirs.body)" }
    if ours.isWhole && !theirs.isWhole { return "is whole, and is not" }
    if theirs.isWhole && !ours.isWhole && !isOver { return "is not whole, and is" }
    return nil
  }
}

extension String {
  fileprivate func replacingPrefix(_ prefix: String, with other: String) -> String {
    hasPrefix(prefix) ? other + dropFirst(prefix.count) : self
  }
}
