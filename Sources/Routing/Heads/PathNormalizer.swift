/// Resolves a path's dot segments, so that what a rule matches is what an endpoint serves.
///
/// `%2e` stands for a dot wherever it is written (RFC 3986, section 6.2.2.2); dot segments are resolved as in section
/// 5.2.4, and never lead above the root. Every other percent-encoding stays, and so do empty segments. It is done once:
/// `%252e` is no dot.
public enum PathNormalizer {
  /// The resolved path; `nil` where the path is resolved already, as nearly all are. Only paths that begin with `/` have
  /// segments.
  public static func normalized(_ path: UnsafeRawBufferPointer) -> [UInt8]? {
    guard path.first == slash, needsLook(path) else { return nil }
    let decoded = decodedDots(path)
    let resolved = resolved(decoded)
    return resolved.count == path.count && resolved.elementsEqual(path) ? nil : resolved
  }

  private static let slash = UInt8(ascii: "/")
  private static let dot = UInt8(ascii: ".")

  /// Whether there is a dot behind a slash, or an encoded one anywhere.
  private static func needsLook(_ path: UnsafeRawBufferPointer) -> Bool {
    for index in 0..<path.count {
      if path[index] == dot && path[index - 1] == slash { return true }
      if isEncodedDot(path, at: index) { return true }
    }
    return false
  }

  private static func isEncodedDot(_ path: UnsafeRawBufferPointer, at index: Int) -> Bool {
    path[index] == UInt8(ascii: "%") && index + 2 < path.count && path[index + 1] == UInt8(ascii: "2")
      && path[index + 2] | 0x20 == UInt8(ascii: "e")
  }

  private static func decodedDots(_ path: UnsafeRawBufferPointer) -> [UInt8] {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(path.count)
    var index = 0
    while index < path.count {
      let isDot = isEncodedDot(path, at: index)
      decoded.append(isDot ? dot : path[index])
      index += isDot ? 3 : 1
    }
    return decoded
  }

  private static func resolved(_ path: [UInt8]) -> [UInt8] {
    var resolved: [UInt8] = []
    resolved.reserveCapacity(path.count)
    var start = 0
    while start < path.count {
      // A segment with the slash before it.
      let end = path[(start + 1)...].firstIndex(of: slash) ?? path.count
      let isDots = path[(start + 1)..<end].allSatisfy { $0 == dot }
      switch end - start {
      case 2 where isDots:
        if end == path.count { resolved.append(slash) }
      case 3 where isDots:
        while let last = resolved.popLast(), last != slash {}
        if end == path.count { resolved.append(slash) }
      default: resolved.append(contentsOf: path[start..<end])
      }
      start = end
    }
    return resolved
  }
}
