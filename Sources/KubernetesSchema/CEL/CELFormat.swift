import Foundation
import JSONText

/// `'%s has %d'.format([name, count])`: the clauses s, d, f, x, X, o, b and %.
///
/// Source: https://pkg.go.dev/github.com/google/cel-go/ext#hdr-Format
enum CELFormat {
  static func apply(_ text: String, _ values: [CELValue]) throws(CELError) -> String {
    var out = ""
    var left = values[...]
    var characters = text[...]
    while let character = characters.popFirst() {
      guard character == "%" else {
        out.append(character)
        continue
      }
      var precision: Int?
      if characters.first == "." {
        let digits = characters.dropFirst().prefix { $0.isASCII && $0.isNumber }
        // More digits than a double has say nothing.
        precision = Int(digits).map { min($0, 64) }
        characters = characters.dropFirst(1 + digits.count)
      }
      guard let clause = characters.popFirst() else { throw CELError("unexpected end of format string") }
      if clause == "%" {
        out.append("%")
        continue
      }
      guard let value = left.popFirst() else { throw CELError("index \(values.count) out of range") }
      out += try write(value, clause, precision)
    }
    return out
  }

  private static func write(_ value: CELValue, _ clause: Character, _ precision: Int?) throws(CELError) -> String {
    switch (clause, value) {
    case ("s", _): return shown(value)
    case ("d", .int(let number)): return String(number)
    case ("f", .double(let number)): return String(format: "%.\(precision ?? 6)f", number)
    case ("f", .int(let number)): return String(format: "%.\(precision ?? 6)f", Double(number))
    case ("x", .int(let number)): return String(number, radix: 16)
    case ("X", .int(let number)): return String(number, radix: 16, uppercase: true)
    case ("o", .int(let number)): return String(number, radix: 8)
    case ("b", .int(let number)): return String(number, radix: 2)
    case ("x", .string(let text)): return text.utf8.map { String(format: "%02x", $0) }.joined()
    default: throw CELError("no formatting clause %\(clause) for \(value.typeName)")
    }
  }

  private static func shown(_ value: CELValue) -> String {
    switch value {
    case .null: "null"
    case .bool(let flag): String(flag)
    case .int(let number): String(number)
    case .double(let number): Int64(exactly: number).map { String($0) } ?? String(number)
    case .string(let text): text
    case .list(let elements): "[" + elements.map(shown).joined(separator: ", ") + "]"
    case .map(let fields):
      "{" + fields.sorted { $0.key < $1.key }.map { "\($0.key): \(shown($0.value))" }.joined(separator: ", ") + "}"
    case .duration(let nanoseconds): "\(Double(nanoseconds) / 1e9)s"
    case .timestamp(let seconds): RFC3339Time(secondsSince1970: seconds).text()
    case .optional(let content): content.first.map(shown) ?? "optional.none()"
    }
  }
}

/// Addresses, as Kubernetes' CEL library takes them: no zones, no IPv4 inside IPv6, no leading zeros.
enum CELNetwork {
  static func isIP(_ text: String) -> Bool { bits(text) != nil }

  static func isCIDR(_ text: String) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let bits = bits(String(parts[0])), let length = Int(parts[1]), (0...bits).contains(length)
    else { return false }
    return String(length) == parts[1]
  }

  /// How many bits the address has; `nil` if the text is none.
  private static func bits(_ text: String) -> Int? {
    var address = [UInt8](repeating: 0, count: 16)
    if inet_pton(AF_INET, text, &address) == 1 { return 32 }
    guard inet_pton(AF_INET6, text, &address) == 1 else { return nil }
    let isMapped = address[..<10].allSatisfy { $0 == 0 } && address[10] == 0xFF && address[11] == 0xFF
    return isMapped ? nil : 128
  }
}
