/// Reads the inside of one usage object, byte by byte: whole numbers under the names of ``UsageCounts/Member``, in it or in its
/// details. Everything else is passed over.
struct UsageObjectReader: Sendable {
  private enum Place {
    case key, keyEnd, value, number, otherValue, string, escape, structure
  }

  /// Objects and arrays that are followed into; no usage object has more.
  static let depthLimit = 16
  /// More than anybody counts; larger numbers are none of tokens.
  static let valueLimit = 1 << 53

  private var place = Place.structure
  private var depth = 1
  /// A bit for each open container: 1 is an object.
  private var objects: UInt32 = 2
  private var keyIsNext = true
  /// The members that the key may still be, a bit each, and how many bytes of it have come.
  private var candidates: UInt8 = 0
  private var length = 0
  private var member: UsageCounts.Member?
  private var number = 0

  /// Takes the next byte; returns whether the object goes on.
  mutating func take(_ byte: UInt8, into counts: inout UsageCounts) -> Bool {
    switch place {
    case .key: key(byte)
    case .keyEnd: if byte == UInt8(ascii: ":") { place = .value } else if !JSONBytes.isBlank(byte) { return false }
    case .value: if !JSONBytes.isBlank(byte) { return value(byte) }
    case .number: return digit(byte, into: &counts)
    case .otherValue: return other(byte)
    case .string: string(byte)
    case .escape: place = .string
    case .structure: return structure(byte)
    }
    return true
  }

  private var isInObject: Bool { objects >> UInt32(depth) & 1 == 1 }

  private mutating func structure(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\""):
      guard keyIsNext, isInObject else {
        place = .string
        return true
      }
      (place, length, member, keyIsNext) = (.key, 0, nil, false)
      candidates = 0
      for member in UsageCounts.Member.allCases where member.depth == depth { candidates |= 1 << member.rawValue }
    case UInt8(ascii: ","): keyIsNext = isInObject
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      guard depth < Self.depthLimit else { return false }
      depth += 1
      keyIsNext = byte == UInt8(ascii: "{")
      objects = objects & ~(1 << UInt32(depth)) | (keyIsNext ? 1 << UInt32(depth) : 0)
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      depth -= 1
      keyIsNext = false
      return depth > 0
    default: break
    }
    return true
  }

  private mutating func key(_ byte: UInt8) {
    if byte == UInt8(ascii: "\"") {
      for candidate in UsageCounts.Member.allCases
      where candidates >> candidate.rawValue & 1 == 1 && candidate.name.utf8CodeUnitCount == length {
        member = candidate
      }
      place = .keyEnd
      return
    }
    if byte == UInt8(ascii: "\\") {
      // No name that is looked for has an escape.
      (candidates, place, keyIsNext) = (0, .escape, true)
      return
    }
    for candidate in UsageCounts.Member.allCases where candidates >> candidate.rawValue & 1 == 1 {
      let name = candidate.name
      if length >= name.utf8CodeUnitCount || name.utf8Start[length] != byte {
        candidates &= ~(1 << candidate.rawValue)
      }
    }
    length += 1
  }

  private mutating func string(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\\"): place = .escape
    case UInt8(ascii: "\""):
      // A key with an escape in it was read as a string.
      place = keyIsNext ? .keyEnd : .structure
      keyIsNext = false
    default: break
    }
  }

  private mutating func value(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9") where member != nil:
      (place, number) = (.number, Int(byte - 0x30))
    case UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "["):
      place = .structure
      return structure(byte)
    default: return other(byte)
    }
    return true
  }

  /// Literals, and numbers that are no counts.
  private mutating func other(_ byte: UInt8) -> Bool {
    place = .otherValue
    guard byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") else { return true }
    place = .structure
    return structure(byte)
  }

  private mutating func digit(_ byte: UInt8, into counts: inout UsageCounts) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9") where number <= Self.valueLimit:
      number = number * 10 + Int(byte - 0x30)
      return true
    case UInt8(ascii: ","), UInt8(ascii: "}"), 0x20, 0x0A, 0x0D, 0x09:
      if let member, number <= Self.valueLimit { counts.take(member, number) }
      place = .structure
      return structure(byte)
    default: return other(byte)
    }
  }
}
