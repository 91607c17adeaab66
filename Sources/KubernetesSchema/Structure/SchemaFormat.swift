import Foundation
import JSONText

/// The `format`s that the API server enforces; all others are only hints.
package enum SchemaFormat {
  /// Whether a string is written in the format.
  package static func accepts(_ text: String, format: String) -> Bool {
    switch format {
    case "date-time": RFC3339Time(text) != nil
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

  private static func parsesAsAddress(_ text: String, _ family: Int32) -> Bool {
    // Bytes instead of `in6_addr`: several modules of the build define that type, and its members would need one named.
    var address = [UInt8](repeating: 0, count: 16)
    return inet_pton(family, text, &address) == 1
  }
}
