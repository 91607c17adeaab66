import Glibc

/// An IP address, read strictly: what a browser or a probe puts into a `Host` header, not the many spellings that `inet_aton`
/// takes.
struct HostAddress: Equatable {
  /// 4 or 16 bytes; an IPv4 address inside IPv6 is the IPv4 address.
  private let bytes: [UInt8]

  /// Reads `127.0.0.1` or, without brackets, `::1`.
  init?(_ text: String) {
    if let four = Self.bytes(of: text, AF_INET, count: 4) {
      bytes = four
    } else if let sixteen = Self.bytes(of: text, AF_INET6, count: 16) {
      let isMapped = sixteen.prefix(10).allSatisfy { $0 == 0 } && sixteen[10] == 0xFF && sixteen[11] == 0xFF
      bytes = isMapped ? Array(sixteen.suffix(4)) : sixteen
    } else {
      return nil
    }
  }

  /// Whether only this machine can be meant: 127.0.0.0/8 or ::1.
  var isLoopback: Bool {
    bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
  }

  private static func bytes(of text: String, _ family: Int32, count: Int) -> [UInt8]? {
    // inet_pton stops at a zero byte, and would take what follows for nothing.
    guard !text.utf8.contains(0) else { return nil }
    var bytes = [UInt8](repeating: 0, count: count)
    return inet_pton(family, text, &bytes) == 1 ? bytes : nil
  }
}
