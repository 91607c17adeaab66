import JSONText

extension RoutingTable {
  /// A hash of ``jsonDescription()``, 16 hexadecimal digits: equal tables have equal hashes, in every process.
  public var contentHash: String {
    let hash = FNV1a.hash(jsonDescription().utf8)
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
