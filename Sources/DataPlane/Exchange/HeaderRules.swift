import Routing

/// Which headers do not pass the gateway, and why. Names are compared without regard to letter case.
enum HeaderRules {
  /// Headers for every recipient, which `Connection` must not name (RFC 9110, section 7.6.1): a client could else
  /// take away what the endpoint or its log relies on.
  static let forEveryone: [String] = [
    "host", "authorization", "cookie", "set-cookie", "date", "location", "retry-after", "vary", "etag", "expires",
    "cache-control", "x-request-id", "forwarded", "via",
  ]

  /// The same, matched as prefixes.
  static let familiesForEveryone: [String] = ["content-", "accept", "x-forwarded-"]

  /// Whether a field may stand behind a body: none that frames, routes or names somebody (RFC 9110, section 6.5.1), since
  /// whoever acts on those has acted on the head.
  static func mayTrail(_ field: HeadField, of block: FieldBlock) -> Bool {
    field.known == .other && !isForEveryone(block.text(field.name))
  }

  /// Whether a header of this name is for every recipient, whatever `Connection` says.
  static func isForEveryone(_ name: String) -> Bool {
    forEveryone.contains { ASCIIText.isSame(name, $0) }
      || familiesForEveryone.contains { ASCIIText.hasPrefix(name, $0) }
  }
}
