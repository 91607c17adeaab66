/// Values by host names, exact or with a wildcard, and one for every host.
final class HostIndex<Value: Sendable>: Sendable {
  private let exact: ByteTable<Value>
  private let suffixes: ByteTable<Value>
  private let any: Value?

  init(_ values: [HostnamePattern?: Value]) {
    var (exact, suffixes): ([(key: String, value: Value)], [(key: String, value: Value)]) = ([], [])
    for (pattern, value) in values {
      switch pattern {
      case .exact(let name): exact.append((name, value))
      case .wildcard(let suffix): suffixes.append((suffix, value))
      case nil: break
      }
    }
    self.exact = ByteTable(exact, ignoresCase: true)
    self.suffixes = ByteTable(suffixes, ignoresCase: true)
    any = values[nil]
  }

  /// Calls `body` with the value of each pattern that the host matches, the most specific first, until it says that it has
  /// seen enough.
  func forEach(_ host: UnsafeRawBufferPointer, _ body: (Value) -> Bool) {
    if let value = exact.find(host), body(value) { return }
    for length in suffixes.lengths {
      let start = host.count - length
      // At least one label and its dot stand before the suffix.
      guard start > 1, host[start - 1] == UInt8(ascii: ".") else { continue }
      if let value = suffixes.find(UnsafeRawBufferPointer(rebasing: host[start...])), body(value) { return }
    }
    if let any { _ = body(any) }
  }
}
