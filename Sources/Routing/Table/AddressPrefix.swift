#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// An IP address as a number of 128 bits. One of IPv4 is the one of IPv6 that stands for it, so that sockets of both kinds
/// tell the same.
///
/// Source: RFC 4291, section 2.5.5.2.
public struct IPAddress: Sendable, Hashable {
  /// The first and the last 64 bits.
  let high, low: UInt64

  /// Reads an address as people write it, without brackets; `nil` for what is none.
  public init?(_ text: String) {
    // inet_pton stops at a zero byte, and would take what follows for nothing.
    guard !text.isEmpty, text.utf8.count <= 45, !text.utf8.contains(0) else { return nil }
    if text.utf8.contains(UInt8(ascii: ":")) {
      var address = in6_addr()
      guard inet_pton(AF_INET6, text, &address) == 1 else { return nil }
      (high, low) = withUnsafeBytes(of: address) {
        (
          UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)),
          UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        )
      }
    } else {
      var address = in_addr()
      guard inet_pton(AF_INET, text, &address) == 1 else { return nil }
      (high, low) = (0, Self.mapped | UInt64(UInt32(bigEndian: address.s_addr)))
    }
  }

  /// An address of four or sixteen bytes, the first one first; `nil` for other counts.
  public init?(bytes: some Collection<UInt8>) {
    switch bytes.count {
    case 4: self.init(high: 0, low: bytes.reduce(Self.mapped >> 32) { $0 << 8 | UInt64($1) })
    case 16:
      self.init(
        high: bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) },
        low: bytes.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) })
    default: return nil
    }
  }

  /// What stands before an address of IPv4 in the one that stands for it.
  private static let mapped: UInt64 = 0xFFFF << 32

  init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }

  /// Whether it is one of IPv4.
  var isIPv4: Bool { high == 0 && low >> 32 == 0xFFFF }

  /// The address as people write it.
  public var text: String {
    if isIPv4 { return [24, 16, 8, 0].map { String(low >> UInt64($0) & 0xFF) }.joined(separator: ".") }
    var address = in6_addr()
    withUnsafeMutableBytes(of: &address) {
      $0.storeBytes(of: high.bigEndian, as: UInt64.self)
      $0.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
    }
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    inet_ntop(AF_INET6, &address, &text, socklen_t(text.count))
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// The IP addresses that begin with the same bits, as `10.0.0.0/8`; one address alone begins with all of its own.
///
/// Source: RFC 4632, section 3.1; RFC 4291, section 2.3.
public struct AddressPrefix: Sendable, Hashable, CustomStringConvertible {
  private let address: IPAddress
  /// How many bits count, of 128.
  private let length: Int

  /// Reads `10.0.0.0/8`, `2001:db8::/32` or an address alone; `nil` for what is none of them. Bits behind the prefix do not
  /// count.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, let address = IPAddress(String(parts[0])) else { return nil }
    let most = text.contains(":") ? 128 : 32
    var length = most
    if parts.count == 2 {
      guard let number = Int(parts[1]), String(number) == parts[1], (0...most).contains(number) else { return nil }
      length = number
    }
    self.length = length + 128 - most
    self.address = Self.masked(address, self.length)
  }

  /// Whether the address is one of them. None of IPv4 is in a prefix of IPv6, but for those that stand for it.
  public func contains(_ other: IPAddress) -> Bool {
    (length >= 96 || !other.isIPv4) && Self.masked(other, length) == address
  }

  private static func masked(_ address: IPAddress, _ length: Int) -> IPAddress {
    // A shift by all bits or more gives zero.
    let high = UInt64.max << UInt64(max(0, 64 - length))
    let low = UInt64.max << UInt64(min(64, 128 - length))
    return IPAddress(high: address.high & high, low: address.low & low)
  }

  /// As people write it, an address alone without its length.
  public var description: String {
    let isIPv4 = address.isIPv4 && length >= 96
    if length == 128 { return address.text }
    return "\(address.text)/\(isIPv4 ? length - 96 : length)"
  }
}
