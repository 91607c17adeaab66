import Routing

/// Reads a trailer, which is checked when it is whole.
struct TrailerReader {
  enum Step: Equatable {
    case needMore
    /// The trailer has so many bytes, its empty line included; `nil` for one without a field.
    case end(Int, FieldBlock?)
    case fault(HTTP1Fault)
  }

  private var end = HeadEnd()

  /// Looks on in the bytes since the trailer's first one.
  mutating func look(_ bytes: UnsafeRawBufferPointer, limits: HTTP1Limits) -> Step {
    while true {
      switch end.look(bytes, limit: limits.trailerBytes) {
      case .needMore: return .needMore
      case .line: continue
      case .fault(let fault): return .fault(fault == .lineEnd ? fault : .trailer)
      case .found(let count):
        guard count > 2 else { return .end(count, nil) }
        var block = FieldBlock()
        let fault = Self.read(UnsafeRawBufferPointer(rebasing: bytes[..<count]), limits: limits, into: &block)
        return fault.map { .fault($0) } ?? .end(count, block)
      }
    }
  }

  private static func read(
    _ bytes: UnsafeRawBufferPointer, limits: HTTP1Limits, into block: inout FieldBlock
  ) -> HTTP1Fault? {
    var fields = FieldReader()
    block.append(bytes)
    // What it says of a length is not of this message, and a field that no trailer may have.
    if let fault = fields.read(bytes, from: 0, limit: limits.fields, into: &block) {
      switch fault {
      case .fieldName, .folding, .fieldValue, .lineEnd: return fault
      default: return .trailer
      }
    }
    let isFraming = block.fields.contains { $0.known.isHopByHop || $0.known == .contentLength || $0.known == .host }
    return isFraming ? .trailer : nil
  }
}
