/// A length of time as Gateway API writes it: up to four whole numbers of at most five digits, each with `h`, `m`, `s` or
/// `ms` behind it, which are added up. `1h30m` is one, `1.5h` is none.
///
/// Source: GEP-2257, <https://gateway-api.sigs.k8s.io/geps/gep-2257/>
public struct GatewayDuration: Equatable, Sendable {
  /// Its length in nanoseconds.
  public let nanoseconds: UInt64

  /// Reads a duration; `nil` for any other text.
  public init?(_ text: String) {
    var rest = text.utf8[...]
    var sum: UInt64 = 0
    var terms = 0
    repeat {
      let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      rest = rest.dropFirst(digits.count)
      guard (1...5).contains(digits.count), let unit = Self.units.first(where: { rest.starts(with: $0.name.utf8) })
      else { return nil }
      rest = rest.dropFirst(unit.name.utf8.count)
      sum += digits.reduce(0) { $0 * 10 + UInt64($1 - UInt8(ascii: "0")) } * unit.nanoseconds
      terms += 1
    } while !rest.isEmpty && terms < 4
    guard rest.isEmpty else { return nil }
    // Four times 99999 hours are far below what fits.
    nanoseconds = sum
  }

  /// The longer name first where one begins with the other.
  private static let units: [(name: String, nanoseconds: UInt64)] = [
    ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
  ]
}
