import Routing

/// Reads the fields of a head or of a trailer, and what they say of the body.
struct FieldReader {
  /// What the fields say of the length of the body.
  private(set) var length: Int?
  private(set) var hasCoding = false
  private(set) var isChunked = false
  /// The last coding is `chunked`: else nobody knows where the body of a request ends.
  private(set) var endsChunked = false
  private(set) var hosts = 0
  private var codings = 0

  /// Reads all lines from `start` to the empty one, which ends the bytes, into the block, which holds the same bytes.
  mutating func read(
    _ bytes: UnsafeRawBufferPointer, from start: Int, limit: Int, into block: inout FieldBlock
  ) -> HTTP1Fault? {
    var index = start
    while index < bytes.count - 2 {
      if block.fields.count == limit { return .tooManyFields }
      let nameEnd = HTTP1Bytes.tokenEnd(bytes, from: index)
      guard nameEnd > index, bytes[nameEnd] == HTTP1Bytes.colon, nameEnd - index <= Int(UInt16.max) else {
        return ASCIIBytes.isBlank(bytes[index]) ? .folding : .fieldName
      }
      var valueStart = nameEnd + 1
      while ASCIIBytes.isBlank(bytes[valueStart]) { valueStart += 1 }
      let lineEnd = HTTP1Bytes.valueEnd(bytes, from: valueStart)
      guard bytes[lineEnd] == HTTP1Bytes.carriageReturn else {
        return bytes[lineEnd] == HTTP1Bytes.lineFeed ? .lineEnd : .fieldValue
      }
      guard bytes[lineEnd + 1] == HTTP1Bytes.lineFeed else { return .lineEnd }
      var valueEnd = lineEnd
      while valueEnd > valueStart, ASCIIBytes.isBlank(bytes[valueEnd - 1]) { valueEnd -= 1 }
      let known = KnownField.find(UnsafeRawBufferPointer(rebasing: bytes[index..<nameEnd]))
      // Some parsers take a tab for a part of the value, and the body for another one (llhttp does): it could be read two ways.
      if known == .contentLength || known == .transferEncoding {
        guard !bytes[nameEnd..<valueStart].contains(0x09), !bytes[valueEnd..<lineEnd].contains(0x09) else {
          return .fieldValue
        }
      }
      if let fault = note(known, UnsafeRawBufferPointer(rebasing: bytes[valueStart..<valueEnd])) { return fault }
      block.append(
        HeadField(
          name: index..<nameEnd, value: valueStart..<valueEnd, known: known,
          isPlain: valueStart == nameEnd + 2 && bytes[nameEnd + 1] == HTTP1Bytes.space && valueEnd == lineEnd))
      index = lineEnd + 2
    }
    return hasCoding && length != nil ? .lengthBesideCoding : nil
  }

  private mutating func note(_ known: KnownField, _ value: UnsafeRawBufferPointer) -> HTTP1Fault? {
    switch known {
    case .host: hosts += 1
    case .contentLength:
      guard length == nil else { return .severalLengths }
      guard let number = HTTP1Bytes.number(value) else {
        return value.contains(UInt8(ascii: ",")) ? .severalLengths : .length
      }
      length = number
    case .transferEncoding:
      codings += 1
      hasCoding = true
      isChunked = codings == 1 && ASCIIBytes.isSame(value, "chunked")
      let last = value[(value.lastIndex(of: UInt8(ascii: ",")).map { $0 + 1 } ?? 0)...]
      endsChunked = ASCIIBytes.isSame(ASCIIBytes.trimmed(UnsafeRawBufferPointer(rebasing: last)), "chunked")
    default: break
    }
    return nil
  }
}
