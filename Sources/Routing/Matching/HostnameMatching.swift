extension HostnamePattern {
  /// Whether a host, in any letter case and without a port, is one of the names that the pattern stands for.
  public func matches(_ host: UnsafeRawBufferPointer) -> Bool {
    switch self {
    case .exact(let name): return ASCIIBytes.isSame(host, name)
    case .wildcard(let suffix):
      // `*.example.com` takes `a.example.com` and `a.b.example.com`; neither `example.com` nor `.example.com`.
      let start = host.count - suffix.utf8.count
      guard start > 1, host[start - 1] == UInt8(ascii: ".") else { return false }
      return ASCIIBytes.isSame(UnsafeRawBufferPointer(rebasing: host[start...]), suffix)
    }
  }

  /// Whether `self` is to be tried before `other`: exact names first, then the longest wildcard.
  public func isMoreSpecific(than other: HostnamePattern?) -> Bool {
    Self.specificity(self) > Self.specificity(other)
  }

  /// Larger is more specific; no pattern at all is 0.
  static func specificity(_ pattern: HostnamePattern?) -> Int {
    switch pattern {
    case .exact: Int.max
    case .wildcard(let suffix): suffix.utf8.count + 1
    case nil: 0
    }
  }
}
