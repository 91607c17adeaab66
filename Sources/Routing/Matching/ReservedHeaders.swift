/// Headers that only gateways may set: by them a client could choose its own endpoint, route, model or priority, so they are
/// taken away from requests before anything reads them, but for those of ``TrustedCallers``.
public enum ReservedHeaders {
  /// How their names begin, in lower case.
  ///
  /// Source: Gateway API Inference Extension and llm-d-router; the latter documents the last four as a way to make a
  /// model server connect anywhere.
  public static var prefixes: [String] { names.map { "\($0)" } }

  private static let names: [StaticString] = [
    "x-gateway-", "x-llm-d-", "x-slo-", "x-prefiller-host-port", "x-encoder-hosts-ports",
    "x-data-parallel-host-port", "x-kv-cache-source-host-port",
  ]

  /// Whether only the gateway may set a header of this name, in any letter case.
  static func isReserved(_ name: UnsafeRawBufferPointer) -> Bool {
    guard name.count > 5, name[0] | 0x20 == UInt8(ascii: "x"), name[1] == UInt8(ascii: "-") else { return false }
    return names.contains { ASCIIBytes.hasPrefix(name, $0) }
  }

  /// Whether only the gateway may set a header of this name, in any letter case.
  public static func isReserved(_ name: String) -> Bool {
    var name = name
    return name.withUTF8 { isReserved(UnsafeRawBufferPointer($0)) }
  }

  /// Whether no rule may match on a header of this name, in lower case: clients cannot send it, and what trusted callers send
  /// is for endpoints.
  public static func isNeverMatched(_ name: String) -> Bool {
    (isReserved(name) && !isModelHeader(name)) || name.hasPrefix("x-switchyard-")
  }
}
