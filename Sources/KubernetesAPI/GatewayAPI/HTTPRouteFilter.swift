public import JSONText

/// A filter of a route, kept as it is written; `type` says which of its members counts.
///
/// Source: `HTTPRouteFilter`, Gateway API v1.
public struct HTTPRouteFilter: Codable, Sendable, Equatable {
  /// The filter as it is written.
  public var body: JSONValue

  /// `RequestHeaderModifier`, `RequestRedirect`, `URLRewrite`, `RequestMirror`, …; empty when the filter has none.
  public var type: String { body["type"]?.stringValue ?? "" }

  /// Makes the value from its parts.
  public init(body: JSONValue) { self.body = body }

  /// Reads the whole filter.
  public init(from decoder: any Decoder) throws { body = try JSONValue(from: decoder) }

  /// Writes the whole filter.
  public func encode(to encoder: any Encoder) throws { try body.encode(to: encoder) }
}
