extension HostnamePattern {
  /// Whether `host`, in any letter case and without a port, is one of the names that the pattern stands for.
  public func matches(_ host: String) -> Bool {
    switch self {
    case .exact(let name): Self.isEqual(host.utf8, name.utf8)
    case .wildcard(let suffix): Self.hasLabels(host.utf8, before: suffix.utf8)
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

  /// `*.example.com` takes `a.example.com` and `a.b.example.com`; neither `example.com` nor `.example.com`.
  private static func hasLabels(_ host: String.UTF8View, before suffix: String.UTF8View) -> Bool {
    guard host.count > suffix.count + 1 else { return false }
    let start = host.index(host.endIndex, offsetBy: -suffix.count)
    return host[host.index(before: start)] == UInt8(ascii: ".") && isEqual(host[start...], suffix)
  }

  private static func isEqual(_ text: some Collection<UInt8>, _ lowercase: some Collection<UInt8>) -> Bool {
    text.elementsEqual(lowercase) { left, right in
      (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(left) ? left | 0x20 == right : left == right
    }
  }
}
