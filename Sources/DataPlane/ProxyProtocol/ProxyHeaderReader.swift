import NIOCore
import Routing

/// Reads what a load balancer writes before a client's first byte, to tell the client's address: the PROXY protocol, versions 1
/// and 2.
///
/// Source: https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt
struct ProxyHeaderReader {
  /// What the bytes say that have come.
  enum Step: Equatable {
    case needMore
    /// The header is whole; `source` is the client's address, `nil` where the load balancer speaks for itself or tells none.
    case header(source: String?)
    case fault(ProxyHeaderFailure.Reason)
  }

  /// Bytes that a header of version 1 has at most, its line end included.
  static let maximumLine = 107
  /// Bytes that a header of version 2 may have here. It may name up to 65 551; what load balancers add to the addresses is
  /// some hundred.
  static let maximumBytes = 4096

  private static let start = Array("PROXY ".utf8)
  private static let signature: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A, 0, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]

  private var bytes = ByteBuffer()

  /// The bytes behind the header, once it is whole.
  var rest: ByteBuffer { bytes }

  /// Takes bytes; not to be called again once the step is another than ``Step/needMore``.
  mutating func receive(_ more: ByteBuffer) -> Step {
    bytes.writeImmutableBuffer(more)
    let view = bytes.readableBytesView
    if Self.isBegun(Self.signature, in: view) { return binary(view) }
    if Self.isBegun(Self.start, in: view) { return line(view) }
    return .fault(.noHeader)
  }

  private static func isBegun(_ beginning: [UInt8], in view: ByteBufferView) -> Bool {
    zip(beginning, view).allSatisfy { $0 == $1 }
  }

  // MARK: Version 1

  private mutating func line(_ view: ByteBufferView) -> Step {
    let most = view.prefix(Self.maximumLine)
    guard let end = most.firstIndex(of: 0x0A) else {
      return view.count < Self.maximumLine ? .needMore : .fault(.malformed)
    }
    guard end > most.startIndex, most[end - 1] == 0x0D else { return .fault(.malformed) }
    let line = String(decoding: most[most.startIndex..<end - 1], as: UTF8.self)
    bytes.moveReaderIndex(forwardBy: end + 1 - most.startIndex)
    return Self.source(line)
  }

  private static func source(_ line: String) -> Step {
    let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    // What stands behind it is to be ignored.
    if words.count > 1, words[1] == "UNKNOWN" { return .header(source: nil) }
    guard words.count == 6, isPort(words[4]), isPort(words[5]), words[1] == "TCP4" || words[1] == "TCP6" else {
      return .fault(.malformed)
    }
    let isIPv6 = words[1] == "TCP6"
    let addresses = words[2...3].compactMap { $0.contains(":") == isIPv6 ? IPAddress($0) : nil }
    return addresses.count == 2 ? .header(source: addresses[0].text) : .fault(.malformed)
  }

  private static func isPort(_ text: String) -> Bool {
    Int(text).map { (0...65_535).contains($0) && String($0) == text } ?? false
  }

  // MARK: Version 2

  private mutating func binary(_ view: ByteBufferView) -> Step {
    guard view.count >= 16 else { return .needMore }
    let fixed = Array(view.prefix(16))
    let (command, family, count) = (fixed[12], fixed[13], Int(fixed[14]) << 8 | Int(fixed[15]))
    // Version 2; LOCAL or PROXY; a family and a protocol that there are.
    guard command == 0x20 || command == 0x21, family >> 4 <= 3, family & 0xF <= 2 else { return .fault(.malformed) }
    guard 16 + count <= Self.maximumBytes else { return .fault(.tooLong) }
    guard view.count >= 16 + count else { return .needMore }
    let content = Array(view.dropFirst(16).prefix(count))
    bytes.moveReaderIndex(forwardBy: 16 + count)
    return command == 0x20 ? .header(source: nil) : Self.source(content, family: family)
  }

  /// What stands behind the addresses may be anything.
  private static func source(_ content: [UInt8], family: UInt8) -> Step {
    switch family {
    case 0x11: content.count >= 12 ? .header(source: text(content[..<4])) : .fault(.malformed)
    case 0x21: content.count >= 36 ? .header(source: text(content[..<16])) : .fault(.malformed)
    // Sockets of a machine, datagrams, and what was not told.
    default: .header(source: nil)
    }
  }

  private static func text(_ address: ArraySlice<UInt8>) -> String? { IPAddress(bytes: address).map(\.text) }
}
