/// The addresses that gateways of this process may be given.
public enum AddressPolicy: Sendable, Equatable {
  /// Each Gateway gets an address of its own from this range.
  case range(AddressRange)
  /// All Gateways share one address and are told apart by port and host name.
  case shared(String)

  /// Reads `127.20.0.1-127.20.0.254` (a range) or `127.0.0.1` (one shared address).
  ///
  /// - Throws: ``AddressPolicyError`` that names what is wrong and how to write it.
  public init(_ text: String) throws(AddressPolicyError) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 else {
      guard parts.count == 1, parts[0].contains(":") || IPv4.number(parts[0]) != nil else {
        throw AddressPolicyError(value: text, reason: "is neither an address nor a range of addresses")
      }
      self = .shared(parts[0])
      return
    }
    guard let first = IPv4.number(parts[0]), let last = IPv4.number(parts[1]) else {
      throw AddressPolicyError(value: text, reason: "has an end that is not an IPv4 address")
    }
    guard first <= last else { throw AddressPolicyError(value: text, reason: "ends before it begins") }
    self = .range(AddressRange(first: first, last: last))
  }
}

/// Gateway addresses that cannot be read.
public struct AddressPolicyError: Error, Equatable, CustomStringConvertible {
  /// What was given.
  public var value: String
  /// What is wrong with it.
  public var reason: String

  /// One line that names the value, the fault and the cure.
  public var description: String {
    "gateway addresses '\(value)': \(reason); write a range such as 127.20.0.1-127.20.0.254, "
      + "or one address such as 127.0.0.1 that all gateways share"
  }
}

/// IPv4 addresses from a first to a last one, both included.
public struct AddressRange: Sendable, Equatable {
  let first: UInt32
  let last: UInt32

  init(first: UInt32, last: UInt32) {
    self.first = first
    self.last = last
  }

  /// How many addresses there are.
  public var count: Int { Int(last - first) + 1 }

  /// Whether the address lies in the range.
  public func contains(_ address: String) -> Bool {
    IPv4.number(address).map { first <= $0 && $0 <= last } ?? false
  }

  /// The lowest address that is not in `taken`; `nil` when there is none.
  func lowest(notIn taken: Set<String>) -> String? {
    (first...last).lazy.map(IPv4.text).first { !taken.contains($0) }
  }
}

/// IPv4 addresses as numbers, so that a range can be counted through.
enum IPv4 {
  /// The number of a dotted address; `nil` if it is not one. A leading zero makes it none: some read it as octal, and
  /// one address must have one spelling.
  static func number(_ text: String) -> UInt32? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var number: UInt32 = 0
    for part in parts {
      guard part.utf8.allSatisfy({ (48...57).contains($0) }), let byte = UInt8(part), String(byte) == part
      else { return nil }
      number = number << 8 | UInt32(byte)
    }
    return number
  }

  /// The dotted form of a number.
  static func text(_ number: UInt32) -> String {
    [24, 16, 8, 0].map { String(number >> UInt32($0) & 0xff) }.joined(separator: ".")
  }
}
