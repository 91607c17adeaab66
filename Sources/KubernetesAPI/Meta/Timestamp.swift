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
    let days = seconds.quotientFloor(86_400)
    let rest = seconds - days * 86_400
    let (year, month, day) = Self.civil(fromDays: days)
    let date = "\(year.padded(4))-\(month.padded(2))-\(day.padded(2))"
    let time = "\((rest / 3600).padded(2)):\((rest / 60 % 60).padded(2)):\((rest % 60).padded(2))"
    rawValue = "\(date)T\(time)Z"
  }

  /// Orders by moment, for texts of the same form.
  public static func < (left: Timestamp, right: Timestamp) -> Bool { left.rawValue < right.rawValue }

  /// The proleptic Gregorian date of a day counted from 1970-01-01, by eras of 400 years that begin on March 1.
  private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = days + 719_468
    let era = shifted.quotientFloor(146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }
}

extension Int64 {
  fileprivate func quotientFloor(_ divisor: Int64) -> Int64 {
    self >= 0 ? self / divisor : (self - divisor + 1) / divisor
  }

  fileprivate func padded(_ width: Int) -> String {
    let digits = String(self)
    return String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
  }
}
