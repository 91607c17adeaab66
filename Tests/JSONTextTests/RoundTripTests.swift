import JSONText
import TestSupport
import Testing

@Suite("JSON there and back")
struct RoundTripTests {
  @Test("What is written is read back as it was, compact and indented", arguments: 0..<200 as Range<UInt64>)
  func roundTrip(seed: UInt64) throws {
    var draws = SeededGenerator(seed)
    let value = JSONValue.drawn(depth: 4, &draws)
    #expect(try JSONReader.parse(JSONWriter.bytes(of: value)) == value)
    #expect(try JSONReader.parse(JSONWriter.bytes(of: value, layout: .indented)) == value)
  }

  @Test("A document that is cut anywhere is an error, never a crash", arguments: 0..<40 as Range<UInt64>)
  func truncation(seed: UInt64) {
    var draws = SeededGenerator(seed)
    let bytes = JSONWriter.bytes(of: [.drawn(depth: 3, &draws)] as JSONValue)
    for end in bytes.indices {
      #expect(throws: JSONSyntaxError.self) { try JSONReader.parse(Array(bytes[..<end])) }
    }
  }

  @Test("A document with any byte changed is read or refused, never a crash", arguments: 0..<40 as Range<UInt64>)
  func corruption(seed: UInt64) {
    var draws = SeededGenerator(seed)
    var bytes = JSONWriter.bytes(of: JSONValue.drawn(depth: 3, &draws))
    for index in bytes.indices {
      let byte = bytes[index]
      bytes[index] = .random(in: 0...255, using: &draws)
      do {
        // What can be read can be written and read again.
        let value = try JSONReader.parse(bytes)
        #expect(throws: Never.self) { try JSONReader.parse(JSONWriter.bytes(of: value)) }
      } catch {
        #expect(error.offset <= bytes.count && error.start <= error.offset)
      }
      bytes[index] = byte
    }
  }
}

extension JSONValue {
  /// Any value, at most `depth` levels deep.
  fileprivate static func drawn(depth: Int, _ draws: inout SeededGenerator) -> JSONValue {
    switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &draws) {
    case 0: return .null
    case 1: return .bool(.random(using: &draws))
    case 2: return .integer(Int64(bitPattern: draws.next()) >> Int64.random(in: 0..<64, using: &draws))
    case 3:
      let number = Double(bitPattern: draws.next())
      return .number(number.isFinite ? number : 0.5)
    case 4, 5: return .string(text(&draws))
    case 6: return .array((0..<Int.random(in: 0..<5, using: &draws)).map { _ in drawn(depth: depth - 1, &draws) })
    default:
      let members = (0..<Int.random(in: 0..<5, using: &draws)).map { _ in
        (text(&draws), drawn(depth: depth - 1, &draws))
      }
      return .object(Dictionary(members, uniquingKeysWith: { _, last in last }))
    }
  }

  private static func text(_ draws: inout SeededGenerator) -> String {
    var text = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0..<12, using: &draws) {
      let limit: UInt32 = [0x20, 0x80, 0x800, 0x11_0000].randomElement(using: &draws) ?? 0x80
      text.append(Unicode.Scalar(.random(in: 0..<limit, using: &draws)) ?? "\\")
    }
    return String(text)
  }
}
