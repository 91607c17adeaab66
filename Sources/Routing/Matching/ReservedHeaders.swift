/// Headers that only the gateway may set: by them a client could choose its own endpoint, route, model or priority, so
/// they are taken away from every request before anything reads them.
public enum ReservedHeaders {
  /// How their names begin, in lower case.
  ///
  /// Source: Gateway API Inference Extension and llm-d-router; the latter documents the last four as a way to make a
  /// model server connect anywhere.
  public static let prefixes: [String] = [
    "x-gateway-", "x-llm-d-", "x-slo-", "x-prefiller-host-port", "x-encoder-hosts-ports",
    "x-data-parallel-host-port", "x-kv-cache-source-host-port",
  ]

  /// Whether only the gateway may set a header of this name, in any letter case.
  public static func isReserved(_ name: String) -> Bool { prefixes.contains { ASCIIText.hasPrefix(name, $0) } }

  /// Whether no rule can ever match on a header of this name: clients cannot send it, and the gateway sets it only
  /// behind the decision.
  public static func isNeverMatched(_ name: String) -> Bool { isReserved(name) && !isModelHeader(name) }
}
