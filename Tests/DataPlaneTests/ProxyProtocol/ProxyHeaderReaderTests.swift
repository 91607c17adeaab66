import NIOCore
import TestSupport
import Testing

@testable import DataPlane

/// What stands before a client's first byte: read at every split point alike.
@Suite("PROXY headers") struct ProxyHeaderReaderTests {
  typealias Step = ProxyHeaderReader.Step

  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var bytes: [UInt8]
    var step: Step
    /// What must be left, of what follows.
    var follows: [UInt8] = Array("GET / HTTP/1.1\r\n".utf8)

    init(_ description: String, _ text: String, _ step: Step) {
      self.init(description, Array(text.utf8), step)
    }

    init(_ description: String, _ bytes: [UInt8], _ step: Step) {
      testDescription = description
      self.bytes = bytes
      self.step = step
    }
  }

  private static let signature: [UInt8] = [13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10]

  /// A header of version 2 whose length says what it has.
  static func binary(_ command: UInt8, _ family: UInt8, _ content: [UInt8], count: Int? = nil) -> [UInt8] {
    let count = count ?? content.count
    return signature + [command, family, UInt8(count >> 8), UInt8(count & 0xFF)] + content
  }

  static let four: [UInt8] = [203, 0, 113, 9, 10, 0, 0, 1, 0x12, 0x34, 0, 80]
  static let six: [UInt8] =
    [0x20, 1, 0x0D, 0xB8] + Array(repeating: 0, count: 11) + [1] + Array(repeating: 0, count: 15) + [1, 1, 2, 0, 80]
  /// Two fields behind the addresses: a host name and a checksum.
  static let fields: [UInt8] = [2, 0, 1, 97, 3, 0, 4, 1, 2, 3, 4]

  static let rows: [Row] = [
    Row("1: IPv4", "PROXY TCP4 203.0.113.9 10.0.0.1 56324 80\r\n", .header(source: "203.0.113.9")),
    Row("1: IPv6", "PROXY TCP6 2001:DB8::1 ::1 1 65535\r\n", .header(source: "2001:db8::1")),
    Row("1: IPv4 in IPv6", "PROXY TCP6 ::ffff:203.0.113.9 ::1 1 2\r\n", .header(source: "203.0.113.9")),
    Row("1: nothing told", "PROXY UNKNOWN\r\n", .header(source: nil)),
    Row("1: nothing told, at length", "PROXY UNKNOWN ffff::1 ffff::2 65535 65535\r\n", .header(source: nil)),
    Row(
      "1: as long as it may be",
      "PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n",
      .header(source: nil)),
    Row("1: longer", "PROXY UNKNOWN \(String(repeating: "a", count: 92))\r\n", .fault(.malformed)),
    Row("1: no line end", "PROXY TCP4 \(String(repeating: "1", count: 200))", .fault(.malformed)),
    Row("1: a line feed alone", "PROXY TCP4 203.0.113.9 10.0.0.1 1 2\n", .fault(.malformed)),
    Row("1: two blanks", "PROXY TCP4  203.0.113.9 10.0.0.1 1 2\r\n", .fault(.malformed)),
    Row("1: a word more", "PROXY TCP4 203.0.113.9 10.0.0.1 1 2 3\r\n", .fault(.malformed)),
    Row("1: a word less", "PROXY TCP4 203.0.113.9 10.0.0.1 1\r\n", .fault(.malformed)),
    Row("1: no word", "PROXY \r\n", .fault(.malformed)),
    Row("1: a port of six digits", "PROXY TCP4 203.0.113.9 10.0.0.1 65536 2\r\n", .fault(.malformed)),
    Row("1: a port with a zero", "PROXY TCP4 203.0.113.9 10.0.0.1 080 2\r\n", .fault(.malformed)),
    Row("1: a port with a sign", "PROXY TCP4 203.0.113.9 10.0.0.1 +80 2\r\n", .fault(.malformed)),
    Row("1: the other kind", "PROXY TCP4 ::1 ::1 1 2\r\n", .fault(.malformed)),
    Row("1: the other kind too", "PROXY TCP6 1.2.3.4 ::1 1 2\r\n", .fault(.malformed)),
    Row("1: no address", "PROXY TCP4 a.example 10.0.0.1 1 2\r\n", .fault(.malformed)),
    Row("1: small letters", "PROXY tcp4 1.2.3.4 10.0.0.1 1 2\r\n", .fault(.malformed)),
    Row("1: an unknown kind", "PROXY UDP4 1.2.3.4 10.0.0.1 1 2\r\n", .fault(.malformed)),
    Row("2: IPv4", binary(0x21, 0x11, four), .header(source: "203.0.113.9")),
    Row("2: IPv4 and fields", binary(0x21, 0x11, four + fields), .header(source: "203.0.113.9")),
    Row("2: IPv6", binary(0x21, 0x21, six), .header(source: "2001:db8::1")),
    Row("2: IPv6 and fields", binary(0x21, 0x21, six + fields), .header(source: "2001:db8::1")),
    Row("2: for itself", binary(0x20, 0, []), .header(source: nil)),
    Row("2: for itself, with addresses", binary(0x20, 0x11, four), .header(source: nil)),
    Row("2: nothing told", binary(0x21, 0, fields), .header(source: nil)),
    Row("2: datagrams", binary(0x21, 0x12, four), .header(source: nil)),
    Row("2: a socket of the machine", binary(0x21, 0x31, Array(repeating: 47, count: 216)), .header(source: nil)),
    Row("2: too short for IPv4", binary(0x21, 0x11, Array(four.dropLast())), .fault(.malformed)),
    Row("2: too short for IPv6", binary(0x21, 0x21, four), .fault(.malformed)),
    Row("2: another version", binary(0x11, 0x11, four), .fault(.malformed)),
    Row("2: another command", binary(0x22, 0x11, four), .fault(.malformed)),
    Row("2: another family", binary(0x21, 0x41, four), .fault(.malformed)),
    Row("2: another protocol", binary(0x21, 0x13, four), .fault(.malformed)),
    Row(
      "2: as long as it may be", binary(0x21, 0x11, four + Array(repeating: 0, count: 4068)),
      .header(source: "203.0.113.9")),
    Row("2: longer", binary(0x21, 0x11, four, count: 4081), .fault(.tooLong)),
    Row("2: longest", binary(0x21, 0x11, four, count: 65535), .fault(.tooLong)),
    Row("a request", "", .fault(.noHeader)),
    Row("TLS", [22, 3, 1, 2, 0, 1], .fault(.noHeader)),
    Row("nearly version 1", "PROXY\r\n", .fault(.noHeader)),
    Row("nearly version 2", Array(signature.dropLast()) + [11], .fault(.noHeader)),
  ]

  /// Hands the bytes on in two pieces; returns what came of it, and what is left behind the header.
  private static func read(_ pieces: ArraySlice<UInt8>...) -> (step: Step, rest: [UInt8]) {
    var reader = ProxyHeaderReader()
    var rest: [UInt8] = []
    var step = Step.needMore
    for piece in pieces where !piece.isEmpty {
      guard step == .needMore else {
        rest += piece
        continue
      }
      step = reader.receive(ByteBuffer(bytes: piece))
      if case .header = step { rest = Array(reader.rest.readableBytesView) }
    }
    if case .fault = step { rest = [] }
    return (step, rest)
  }

  @Test("a header is read wherever it is cut", arguments: rows) func row(_ row: Row) {
    let all = row.bytes + row.follows
    var left: [UInt8] = []
    if case .header = row.step { left = row.follows }
    let cuts = all.count < 400 ? Array(0...all.count) : [0, 1, 11, 12, 15, 16, 17, 28, 400, all.count]
    for cut in cuts {
      let result = Self.read(all[..<cut], all[cut...])
      #expect(result.step == row.step && result.rest == left, "cut at \(cut)")
    }
  }

  @Test("a header that has not come whole is none yet", arguments: rows) func parts(_ row: Row) {
    guard case .header = row.step else { return }
    for count in stride(from: 0, to: row.bytes.count, by: row.bytes.count < 400 ? 1 : 97) {
      #expect(Self.read(row.bytes[..<count]).step == .needMore, "\(count) bytes")
    }
  }

  @Test("random bytes, and headers with a byte changed, are read alike however they are cut") func random() {
    var generator = SeededGenerator(7)
    var counts: [String: Int] = [:]
    for _ in 0..<20_000 {
      var bytes = Self.rows.randomElement(using: &generator).map { $0.bytes + $0.follows } ?? []
      for _ in 0..<Int.random(in: 0...3, using: &generator) {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      }
      if Bool.random(using: &generator) { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator)) }
      let whole = Self.read(bytes[...])
      let (one, two) = (
        Int.random(in: 0...bytes.count, using: &generator), Int.random(in: 0...bytes.count, using: &generator)
      )
      let cut = Self.read(bytes[..<min(one, two)], bytes[min(one, two)..<max(one, two)], bytes[max(one, two)...])
      #expect(cut.step == whole.step && cut.rest == whole.rest, "\(bytes)")
      counts["\(whole.step)".prefix { $0 != "(" }.description, default: 0] += 1
    }
    #expect(counts.count == 3, "\(counts)")
  }
}
