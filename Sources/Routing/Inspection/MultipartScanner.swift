/// Finds the field `model` of a form with several parts (`multipart/form-data`), in one pass and without keeping a part.
///
/// Feed it the body as it arrives, cut anywhere. The name is known when the part has come whole; behind it the form is
/// looked through for a second one, and for what parsers read differently. Sources: RFC 7578; RFC 2046, section 5.1.
public struct MultipartScanner: Sendable {
  /// What is known so far. `absent` and `malformed` do not change any more; `found` may still become `malformed`.
  public enum Result: Sendable, Equatable {
    /// More bytes, or ``MultipartScanner/finish()``, will tell.
    case needMore
    /// The name, and its bytes in the body.
    case found(name: String, range: Range<Int>)
    /// The form is complete and has no field `model`.
    case absent
    /// The bytes up to `offset` are not the beginning of a form, or exceed a limit.
    case malformed(offset: Int, reason: String)
  }

  private enum Place {
    /// Before the first boundary, or in the content of a part.
    case content
    case afterBoundary, padding, boundaryLineEnd, closing, closed, closedLineEnd
    case head, headLineEnd
    /// Nothing more is looked at.
    case done
  }

  private static let (cr, lf, dash) = (UInt8(0x0D), UInt8(0x0A), UInt8(ascii: "-"))

  /// What is known so far.
  public private(set) var result = Result.needMore
  /// The form has a second field `model`, perhaps in another letter case: which of them the endpoint would take is not known.
  public private(set) var hasSecondModel = false
  /// A line feed, two dashes and the boundary. No byte of it but the first is a line feed: a match begins anew only at one.
  private let delimiter: [UInt8]
  private var place = Place.content
  private var offset = 0
  /// How many bytes of the delimiter have matched; the body begins as if behind a line end.
  private var matched = 1
  private var isBehindCR = true
  private var previous: UInt8 = 0
  /// Where the content of the present part begins; `nil` before the first part.
  private var contentStart: Int?
  /// The content of the field `model`, as far as it may be a name and the boundary behind it; `nil` in other parts.
  private var value: [UInt8]?
  private var head = PartHead()
  private var line: [UInt8] = []
  private var headBytes = 0
  private var hasOtherCase = false

  /// A scanner at the beginning of a form whose parts this boundary separates.
  public init(boundary: [UInt8]) { delimiter = [Self.lf, Self.dash, Self.dash] + boundary }

  /// Takes the next bytes of the body.
  public mutating func scan(_ bytes: UnsafeRawBufferPointer) -> Result {
    var index = 0
    while index < bytes.count, place != .done {
      if place == .content {
        if matched == 0 && value == nil {
          let hit = JSONBytes.lineFeed(bytes, from: index)
          if hit > index { previous = bytes[hit - 1] }
          index = hit
          guard index < bytes.count else { break }
        }
        contentByte(bytes[index], at: offset + index)
      } else {
        structureByte(bytes[index], at: offset + index)
      }
      previous = bytes[index]
      index += 1
    }
    offset += bytes.count
    return result
  }

  /// Says that the body is complete.
  public mutating func finish() -> Result {
    switch place {
    case .done: break
    case .closed, .closedLineEnd: end()
    default:
      guard result == .needMore else { break }
      let hasPart = contentStart != nil || place != .content
      fail(offset, hasPart ? "the form ends before its last boundary" : "no line of it is the boundary of Content-Type")
    }
    return result
  }

  private mutating func fail(_ offset: Int, _ reason: String) {
    result = .malformed(offset: offset, reason: reason)
    place = .done
  }

  private mutating func end() {
    if result == .needMore { result = .absent }
    place = .done
  }
}

// MARK: contents

extension MultipartScanner {
  private mutating func contentByte(_ byte: UInt8, at offset: Int) {
    if value != nil {
      value?.append(byte)
      guard value?.count ?? 0 <= ModelNameScanner.nameLimit + 1 + delimiter.count else {
        return fail(offset, "the model name is longer than \(ModelNameScanner.nameLimit) bytes")
      }
    }
    guard matched > 0, byte == delimiter[matched] else {
      matched = byte == Self.lf ? 1 : 0
      isBehindCR = previous == Self.cr
      return
    }
    matched += 1
    if matched == delimiter.count { boundary(endingAt: offset + 1) }
  }

  private mutating func boundary(endingAt end: Int) {
    guard isBehindCR else { return fail(end - delimiter.count, "the line end before a boundary is not CR LF") }
    place = .afterBoundary
    guard let start = contentStart else { return }
    let contentEnd = end - delimiter.count - 1
    guard contentEnd >= start else { return fail(start, "a part ends where its content should begin") }
    guard let value else { return }
    self.value = nil
    let name = value.prefix(contentEnd - start)
    guard name.count <= ModelNameScanner.nameLimit else {
      return fail(contentEnd, "the model name is longer than \(ModelNameScanner.nameLimit) bytes")
    }
    guard let text = String(validating: name, as: UTF8.self) else {
      return fail(contentEnd, "the model name is not valid UTF-8")
    }
    result = .found(name: text, range: start..<contentEnd)
  }
}

// MARK: boundaries and heads

extension MultipartScanner {
  private mutating func structureByte(_ byte: UInt8, at offset: Int) {
    switch (place, byte) {
    case (.afterBoundary, Self.dash): place = .closing
    case (.afterBoundary, Self.cr), (.padding, Self.cr): place = .boundaryLineEnd
    case (.afterBoundary, 0x20), (.afterBoundary, 0x09), (.padding, 0x20), (.padding, 0x09): place = .padding
    case (.boundaryLineEnd, Self.lf): beginHead()
    case (.closing, Self.dash): place = .closed
    case (.closed, 0x20), (.closed, 0x09): break
    case (.closed, Self.cr): place = .closedLineEnd
    case (.closedLineEnd, Self.lf): end()
    case (.head, _): headByte(byte, at: offset)
    case (.headLineEnd, Self.lf): endLine(at: offset)
    case (.headLineEnd, _): fail(offset, "a line of a part's head does not end with CR LF")
    default: fail(offset, "a boundary is followed by other text")
    }
  }

  private mutating func beginHead() {
    head = PartHead()
    headBytes = 0
    line.removeAll(keepingCapacity: true)
    place = .head
  }

  private mutating func headByte(_ byte: UInt8, at offset: Int) {
    headBytes += 1
    guard headBytes <= PartHead.limit else {
      return fail(offset, "the head of a part is longer than \(PartHead.limit) bytes")
    }
    switch byte {
    case Self.cr: place = .headLineEnd
    case Self.lf: fail(offset, "a line of a part's head does not end with CR LF")
    default: line.append(byte)
    }
  }

  private mutating func endLine(at offset: Int) {
    place = .head
    guard line.isEmpty else {
      if let fault = line.withUnsafeBytes({ head.take($0) }) { return fail(offset, fault) }
      return line.removeAll(keepingCapacity: true)
    }
    let (field, fault) = head.finish()
    if let fault { return fail(offset, fault) }
    let hasModel = result != .needMore
    if field == .model && (hasModel || hasOtherCase) || field == .otherCase && hasModel {
      hasSecondModel = true
      place = .done
      return
    }
    if field == .otherCase { hasOtherCase = true }
    value = field == .model ? [] : nil
    contentStart = offset + 1
    (place, matched, isBehindCR) = (.content, 1, true)
  }
}
