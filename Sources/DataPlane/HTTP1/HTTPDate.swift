import NIOCore

/// A moment as HTTP writes it: `Sun, 06 Nov 1994 08:49:37 GMT`.
///
/// Source: RFC 9110, section 5.6.7.
struct HTTPDate: Equatable {
  /// The seconds since 1970 that the text is of.
  let seconds: Int64
  let text: String

  /// The moment so many seconds after the beginning of 1970.
  init(seconds: Int64) {
    self.seconds = seconds
    let days = Int(seconds / 86_400)
    let second = Int(seconds % 86_400)
    let (year, month, day) = Self.civil(days)
    text =
      "\(Self.weekdays[(days + 4) % 7]), \(Self.padded(day)) \(Self.months[month - 1]) \(year) "
      + "\(Self.padded(second / 3600)):\(Self.padded(second / 60 % 60)):\(Self.padded(second % 60)) GMT"
  }

  /// Writes the whole field.
  func write(into out: inout ByteBuffer) {
    out.writeStaticString("date: ")
    out.writeString(text)
    out.writeStaticString("\r\n")
  }

  private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  /// The day of the Gregorian calendar; years are counted from March, so that the leap day comes last.
  private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = shifted / 146_097
    let ofEra = shifted % 146_097
    let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * ofYear + 2) / 153
    let year = yearOfEra + era * 400 + (month >= 10 ? 1 : 0)
    return (year, month < 10 ? month + 3 : month - 9, ofYear - (153 * month + 2) / 5 + 1)
  }
}
