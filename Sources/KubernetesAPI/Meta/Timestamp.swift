import JSONText

/// A moment, in the text form of the API: RFC 3339 in UTC, with whole seconds (`2026-11-23T06:00:00Z`) or, in leases and
/// events, microseconds.
///
/// Kept as text, so that a value read is written back unchanged. Texts of one form order as their moments do.
public struct Timestamp: RawRepresentable, Codable, Hashable, Sendable, Comparable {
  /// The text.
  public let rawValue: String

  /// Takes the text as it is.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// The moment `seconds` after 1970-01-01T00:00:00Z.
  public init(secondsSince1970 seconds: Int64) {
    rawValue = RFC3339Time(seconds: seconds).text()
  }

  /// Orders by moment, for texts of the same form.
  public static func < (left: Timestamp, right: Timestamp) -> Bool { left.rawValue < right.rawValue }
}
