/// A moment in UTC, as RFC 3339 writes it: `2026-11-23T06:00:00Z`, with as many decimals of a second as wanted.
///
/// Source: https://www.rfc-editor.org/rfc/rfc3339#section-5.6
package struct RFC3339Time: Hashable, Sendable {
  /// Whole seconds since 1970-01-01T00:00:00Z, rounded down.
  package var seconds: Int64
  /// What comes on top, 0 to 999,999,999.
  package var nanoseconds: Int64

  /// The moment `nanoseconds` (0 to 999,999,999) after `seconds` since 1970-01-01T00:00:00Z.
  package init(seconds: Int64, nanoseconds: Int64 = 0) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  /// The moment a number of seconds since 1970-01-01T00:00:00Z; finer than microseconds is noise in a double.
  package init(secondsSince1970: Double) {
    let whole = secondsSince1970.rounded(.down)
    // To the nearest: .123 is a little less in a double, and would lose its last digit.
    let microseconds = Int64(((secondsSince1970 - whole) * 1_000_000).rounded())
    self.init(seconds: Int64(whole) + microseconds / 1_000_000, nanoseconds: microseconds % 1_000_000 * 1000)
  }

  /// The moment that a text names, in any offset from UTC; `nil` if it names none. Decimals after the ninth are dropped,
  /// and a leap second is the second after it.
  package init?(_ text: String) {
    var cursor = Cursor(text)
    guard let year = cursor.number(4), cursor.take("-"), let month = cursor.number(2), cursor.take("-"),
      let day = cursor.number(2), cursor.take("T") || cursor.take("t"), let hour = cursor.number(2),
      cursor.take(":"), let minute = cursor.number(2), cursor.take(":"), let second = cursor.number(2),
      let nanoseconds = cursor.fraction(), let offset = cursor.offset(), cursor.isAtEnd,
      hour < 24, minute < 60, second < 61, let days = CivilDate(year: year, month: month, day: day).days
    else { return nil }
    self.init(
      seconds: days * 86_400 + hour * 3600 + minute * 60 + second - offset, nanoseconds: nanoseconds)
  }

  /// Seconds since 1970-01-01T00:00:00Z.
  package var secondsSince1970: Double { Double(seconds) + Double(nanoseconds) / 1_000_000_000 }

  /// The text, in UTC.
  ///
  /// - Parameter decimals: how many digits after the second, 0 to 9; further ones are cut off.
  package func text(decimals: Int = 0) -> String {
    let days = seconds.quotientFloor(86_400)
    let rest = seconds - days * 86_400
    let date = CivilDate(days: days)
    var text = "\(date.year.padded(4))-\(date.month.padded(2))-\(date.day.padded(2))"
    text += "T\((rest / 3600).padded(2)):\((rest / 60 % 60).padded(2)):\((rest % 60).padded(2))"
    if decimals > 0 { text += ".\(nanoseconds.padded(9).prefix(decimals))" }
    return text + "Z"
  }
}

/// Steps through the text of a time.
private struct Cursor {
  private var rest: Substring.UTF8View

  init(_ text: String) { rest = text[...].utf8 }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard rest.first == UInt8(ascii: character) else { return false }
    rest.removeFirst()
    return true
  }

  private mutating func digit() -> Int64? {
    guard let byte = rest.first, 0x30...0x39 ~= byte else { return nil }
    rest.removeFirst()
    return Int64(byte - 0x30)
  }

  /// A number of exactly so many digits.
  mutating func number(_ digits: Int) -> Int64? {
    var number: Int64 = 0
    for _ in 0..<digits {
      guard let digit = digit() else { return nil }
      number = number * 10 + digit
    }
    return number
  }

  /// Nanoseconds from a point with digits; 0 without a point.
  mutating func fraction() -> Int64? {
    guard take(".") else { return 0 }
    guard var nanoseconds = digit().map({ $0 * 100_000_000 }) else { return nil }
    var unit: Int64 = 10_000_000
    while let digit = digit() {
      nanoseconds += digit * unit
      unit /= 10
    }
    return nanoseconds
  }

  /// Seconds that the clock of the text is ahead of UTC.
  mutating func offset() -> Int64? {
    if take("Z") || take("z") { return 0 }
    let isBehind = take("-")
    guard isBehind || take("+"), let hours = number(2), take(":"), let minutes = number(2), hours < 24, minutes < 60
    else { return nil }
    let seconds = hours * 3600 + minutes * 60
    return isBehind ? -seconds : seconds
  }
}
