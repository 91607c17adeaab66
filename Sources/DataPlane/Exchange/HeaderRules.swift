/// Which headers do not pass the gateway, and why. Names are compared without regard to letter case.
enum HeaderRules {
  /// Headers that concern one connection only. Source: RFC 9110, section 7.6.1.
  static let hopByHop: [StaticString] = [
    "connection", "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization", "te", "trailer",
    "transfer-encoding", "upgrade", "http2-settings",
  ]

  /// Headers by which a client could choose its own endpoint, route, model or priority. Matched as prefixes.
  ///
  /// Source: Gateway API Inference Extension and llm-d-router; the latter documents the last four as a way to make a
  /// model server connect anywhere.
  static let forged: [StaticString] = [
    "x-gateway-", "x-llm-d-", "x-slo-", "x-prefiller-host-port", "x-encoder-hosts-ports",
    "x-data-parallel-host-port", "x-kv-cache-source-host-port",
  ]

  /// Headers for every recipient, which `Connection` must not name (RFC 9110, section 7.6.1): a client could else
  /// take away what the endpoint or its log relies on.
  static let forEveryone: [StaticString] = [
    "host", "authorization", "cookie", "set-cookie", "date", "location", "retry-after", "vary", "etag", "expires",
    "cache-control", "x-request-id", "forwarded", "via",
  ]

  /// The same, matched as prefixes.
  static let familiesForEveryone: [StaticString] = ["content-", "accept", "x-forwarded-"]

  /// Whether a header of this name is for every recipient, whatever `Connection` says.
  static func isForEveryone(_ name: String) -> Bool {
    forEveryone.contains { matches(name, $0, wholeName: true) }
      || familiesForEveryone.contains { matches(name, $0, wholeName: false) }
  }

  /// Whether a header of this name concerns one connection only.
  static func isHopByHop(_ name: String) -> Bool {
    hopByHop.contains { matches(name, $0, wholeName: true) }
  }

  /// Whether only the gateway may set a header of this name.
  static func isForged(_ name: String) -> Bool {
    forged.contains { matches(name, $0, wholeName: false) }
  }

  /// Compares `name` with a lower-case literal without allocating.
  private static func matches(_ name: String, _ literal: StaticString, wholeName: Bool) -> Bool {
    let bytes = name.utf8
    let count = literal.utf8CodeUnitCount
    guard wholeName ? bytes.count == count : bytes.count >= count else { return false }
    return literal.withUTF8Buffer { expected in
      var index = 0
      for byte in bytes {
        if index == count { return true }
        let lower = byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
        if lower != expected[index] { return false }
        index += 1
      }
      return true
    }
  }
}
