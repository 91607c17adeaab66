/// A field name that the gateway itself reads, sets or takes away; found once, in the pass that reads the head.
public enum KnownField: UInt8, Sendable, CaseIterable {
  /// Any name that means nothing to the gateway.
  case other
  /// A name that only the gateway may set (``ReservedHeaders``).
  case reserved
  /// Any name, of a field that a route has set: neither reserved nor taken away, whatever the sender says of it.
  case added
  // Framing and addressing.
  case host, contentLength, transferEncoding, expect
  // Of one connection only (RFC 9110, section 7.6.1).
  case connection, keepAlive, proxyConnection, proxyAuthenticate, proxyAuthorization, te, trailer, upgrade,
    http2Settings
  // What bodies are.
  case contentType, contentEncoding
  // What the gateway adds to.
  case maxForwards, xRequestID, date
  // Where a request comes from, which only some callers may say.
  case forwarded, xForwardedFor, xForwardedProto, xForwardedHost, xForwardedPort
  /// Any other name that begins with `x-forwarded-`, and `x-real-ip`.
  case xForwarded
  /// A name that begins with `x-switchyard-`: what the gateway tells of itself to those who may know.
  case xSwitchyard

  /// The name, in lower case; one of several for families, empty for ``other``, ``reserved`` and ``added``.
  public var name: StaticString {
    switch self {
    case .other, .reserved, .added: ""
    case .host: "host"
    case .contentLength: "content-length"
    case .transferEncoding: "transfer-encoding"
    case .expect: "expect"
    case .connection: "connection"
    case .keepAlive: "keep-alive"
    case .proxyConnection: "proxy-connection"
    case .proxyAuthenticate: "proxy-authenticate"
    case .proxyAuthorization: "proxy-authorization"
    case .te: "te"
    case .trailer: "trailer"
    case .upgrade: "upgrade"
    case .http2Settings: "http2-settings"
    case .contentType: "content-type"
    case .contentEncoding: "content-encoding"
    case .maxForwards: "max-forwards"
    case .xRequestID: "x-request-id"
    case .date: "date"
    case .forwarded: "forwarded"
    case .xForwardedFor: "x-forwarded-for"
    case .xForwardedProto: "x-forwarded-proto"
    case .xForwardedHost: "x-forwarded-host"
    case .xForwardedPort: "x-forwarded-port"
    case .xForwarded: "x-real-ip"
    case .xSwitchyard: "x-switchyard-endpoint"
    }
  }

  /// Whether the field concerns one connection only.
  public var isHopByHop: Bool {
    switch self {
    case .connection, .keepAlive, .proxyConnection, .proxyAuthenticate, .proxyAuthorization, .te, .trailer, .upgrade,
      .http2Settings, .transferEncoding:
      true
    default: false
    }
  }

  /// What the name is to the gateway. Letter case is not significant.
  public static func find(_ name: UnsafeRawBufferPointer) -> KnownField {
    let found: KnownField
    switch name.count {
    case 2: found = .te
    case 4: found = name[0] | 0x20 == UInt8(ascii: "h") ? .host : .date
    case 6: found = .expect
    case 7: found = name[0] | 0x20 == UInt8(ascii: "t") ? .trailer : .upgrade
    case 9: found = name[0] | 0x20 == UInt8(ascii: "f") ? .forwarded : .xForwarded
    case 10: found = name[0] | 0x20 == UInt8(ascii: "c") ? .connection : .keepAlive
    case 12:
      switch name[0] | 0x20 {
      case UInt8(ascii: "c"): found = .contentType
      case UInt8(ascii: "m"): found = .maxForwards
      default: found = .xRequestID
      }
    case 14: found = name[0] | 0x20 == UInt8(ascii: "c") ? .contentLength : .http2Settings
    case 15: found = .xForwardedFor
    case 16:
      switch name[15] | 0x20 {
      case UInt8(ascii: "g"): found = .contentEncoding
      case UInt8(ascii: "n"): found = .proxyConnection
      default: found = name[12] | 0x20 == UInt8(ascii: "h") ? .xForwardedHost : .xForwardedPort
      }
    case 17: found = name[0] | 0x20 == UInt8(ascii: "t") ? .transferEncoding : .xForwardedProto
    case 18: found = .proxyAuthenticate
    case 19: found = .proxyAuthorization
    default: found = .other
    }
    if found != .other && ASCIIBytes.isSame(name, found.name) { return found }
    return family(name)
  }

  /// What it is to the gateway where a route sets it.
  var whereAdded: KnownField {
    switch self {
    case .other, .reserved, .xForwarded, .xSwitchyard: .added
    default: self
    }
  }

  private static func family(_ name: UnsafeRawBufferPointer) -> KnownField {
    guard name.count > 5, name[0] | 0x20 == UInt8(ascii: "x"), name[1] == UInt8(ascii: "-") else { return .other }
    if ASCIIBytes.hasPrefix(name, "x-forwarded-") { return .xForwarded }
    if ASCIIBytes.hasPrefix(name, "x-switchyard-") { return .xSwitchyard }
    return ReservedHeaders.isReserved(name) ? .reserved : .other
  }

  /// A bit for each of them.
  static func set(_ fields: [KnownField]) -> UInt32 { fields.reduce(0) { $0 | $1.bit } }

  /// The field's own bit.
  var bit: UInt32 { 1 << UInt32(rawValue) }
}
