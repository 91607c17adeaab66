/// Looks for the empty line that ends a head or a trailer, each byte once however they are cut.
struct HeadEnd {
  enum Result: Equatable {
    case needMore
    /// The first line has so many bytes, its end included; look again. What is wrong with it need not wait for the rest.
    case line(Int)
    /// The head has so many bytes, its empty line included.
    case found(Int)
    case fault(HTTP1Fault)
  }

  private var looked = 0
  private var lineStart = 0
  private var hasLine = false

  /// Looks on in the bytes since the head's first one.
  mutating func look(_ bytes: UnsafeRawBufferPointer, limit: Int) -> Result {
    while let end = HTTP1Bytes.lineFeed(in: bytes, from: looked) {
      // The bound comes first: beyond it nothing else may count, since bytes that come one by one get no further.
      if end >= limit { break }
      guard end > lineStart, bytes[end - 1] == HTTP1Bytes.carriageReturn else { return .fault(.lineEnd) }
      looked = end + 1
      if end - 1 == lineStart { return .found(looked) }
      lineStart = looked
      if !hasLine {
        hasLine = true
        return .line(looked)
      }
    }
    looked = bytes.count
    return looked > limit ? .fault(hasLine ? .headTooLarge : .targetTooLong) : .needMore
  }
}
