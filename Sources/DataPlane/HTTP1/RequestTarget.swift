import Routing

/// What the target and the `Host` field of a request of HTTP/1 say, and what makes them unfit to be served. Where a head is
/// in doubt, so is what follows it: each of these faults ends the connection.
///
/// Source: RFC 9112, section 3.2.
enum RequestTarget {
  /// Splits the target, which stands in the head's path, into path, query and authority. `hosts` is the number of `Host`
  /// fields. Returns what is wrong.
  static func settle(_ head: inout RequestHead, hosts: Int) -> GatewayError? {
    if head.isMethod("CONNECT") { return .connectMethod }
    let target = head.path.range
    guard let parts = head.block.withBytes(target, { Parts($0) }) else { return .invalidTarget }
    // RFC 9112, section 3.2.4: only OPTIONS asks for the server as such.
    if parts.isAsterisk && !head.isMethod("OPTIONS") { return .invalidTarget }
    if hosts > 1 { return .severalHosts }
    if let host = head.block.first(.host) {
      guard head.block.withBytes(host.value, TargetBytes.isAuthority) else { return .invalidHost }
      head.authority = ByteRange(start: host.value.lowerBound, count: host.value.count)
    } else if head.version > .http1_0 {
      // Whatever the target says: RFC 9112, section 3.2.
      return .missingHost
    }
    if let authority = parts.authority {
      head.authority = ByteRange(start: target.lowerBound + authority.lowerBound, count: authority.count)
    }
    settlePath(&head, parts, offset: target.lowerBound)
    return nil
  }

  private static func settlePath(_ head: inout RequestHead, _ parts: Parts, offset: Int) {
    head.path = ByteRange(start: offset + parts.path.lowerBound, count: parts.path.count)
    head.query = parts.query.map { ByteRange(start: offset + $0.lowerBound, count: $0.count) }
    if parts.path.isEmpty {
      // `http://host` and `http://host?query` ask for the root, but for OPTIONS: RFC 9112, section 3.2.4.
      let root: StaticString = head.isMethod("OPTIONS") && parts.query == nil ? "*" : "/"
      head.path = head.block.append(UnsafeRawBufferPointer(start: root.utf8Start, count: 1))
    } else if let normalized = head.block.withBytes(head.path.range, PathNormalizer.normalized) {
      head.path = normalized.withUnsafeBytes { head.block.append($0) }
    }
  }

  /// Where the parts of a target stand in it.
  private struct Parts {
    var authority: Range<Int>?
    var path = 0..<0
    var query: Range<Int>?
    var isAsterisk = false

    /// Reads a target; `nil` for one of no known form, and for one with user information, which RFC 9110, section
    /// 4.2.4, tells to treat as an error.
    init?(_ bytes: UnsafeRawBufferPointer) {
      if bytes.contains(UInt8(ascii: "#")) { return nil }
      var start = 0
      isAsterisk = bytes.count == 1 && bytes[0] == UInt8(ascii: "*")
      if bytes.first != UInt8(ascii: "/"), !isAsterisk {
        guard let scheme = Self.schemeEnd(bytes) else { return nil }
        let end = bytes[scheme...].firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? bytes.count
        let host = UnsafeRawBufferPointer(rebasing: bytes[scheme..<end])
        guard TargetBytes.isAuthority(host) else { return nil }
        authority = scheme..<end
        start = end
      }
      let mark = bytes[start...].firstIndex(of: UInt8(ascii: "?"))
      path = start..<(mark ?? bytes.count)
      guard TargetBytes.isPath(UnsafeRawBufferPointer(rebasing: bytes[path])) else { return nil }
      query = mark.map { $0 + 1..<bytes.count }
    }

    private static func schemeEnd(_ bytes: UnsafeRawBufferPointer) -> Int? {
      if ASCIIBytes.hasPrefix(bytes, "http://") { return 7 }
      return ASCIIBytes.hasPrefix(bytes, "https://") ? 8 : nil
    }
  }
}
