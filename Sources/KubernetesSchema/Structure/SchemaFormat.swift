import Foundation

/// The `format`s that the API server enforces; all others are only hints.
package enum SchemaFormat {
  /// Whether a string is written in the format.
  package static func accepts(_ text: String, format: String) -> Bool {
    switch format {
    case "date-time": seconds(ofDateTime: text) != nil
    case "date": text.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}/) != nil
    case "duration": CELDuration.nanoseconds(text) != nil
    case "byte": Data(base64Encoded: text) != nil
    case "uuid":
      text.wholeMatch(of: /[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}/) != nil
    case "ipv4": parsesAsAddress(text, AF_INET)
    case "ipv6": parsesAsAddress(text, AF_INET6)
    default: true
    }
  }

  /// Whether a number fits the integer format's width.
  package static func holds(_ number: Double, format: String) -> Bool {
    switch format {
    case "int32": number >= Double(Int32.min) && number <= Double(Int32.max)
    case "int64": number >= -0x1p63 && number < 0x1p63
    default: true
    }
  }

  /// Seconds since 1970 of an RFC 3339 time; `nil` if it is none.
  package static func seconds(ofDateTime text: String) -> Double? {
    let parts = /(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))/
    guard let found = text.wholeMatch(of: parts)?.output else { return nil }
    let numbers = [found.1, found.2, found.3, found.4, found.5, found.6].compactMap { Int($0) }
    guard numbers.count == 6, let days = days(numbers[0], numbers[1], numbers[2]) else { return nil }
    guard numbers[3] < 24, numbers[4] < 60, numbers[5] < 61 else { return nil }
    let fraction = found.7.flatMap { Double("0" + $0) } ?? 0
    let offset = ((found.9.flatMap { Int($0) } ?? 0) * 60 + (found.10.flatMap { Int($0) } ?? 0)) * 60
    let local = days * 86_400 + numbers[3] * 3600 + numbers[4] * 60 + numbers[5]
    return Double(found.8 == "-" ? local + offset : local - offset) + fraction
  }

  /// Days since 1970-01-01 in the Gregorian calendar; `nil` for a day that does not exist.
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int? {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard (1...12).contains(month), day >= 1, day <= lengths[month - 1] else { return nil }
    let before = year - 1
    let daysBeforeYear = before * 365 + before / 4 - before / 100 + before / 400
    return daysBeforeYear + lengths[..<(month - 1)].reduce(0, +) + day - 1 - 719_162
  }

  private static func parsesAsAddress(_ text: String, _ family: Int32) -> Bool {
    // Bytes instead of `in6_addr`: several modules of the build define that type, and its members would need one named.
    var address = [UInt8](repeating: 0, count: 16)
    return inet_pton(family, text, &address) == 1
  }
}
