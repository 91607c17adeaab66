/// A run of bytes in a head's block.
public struct ByteRange: Sendable, Equatable {
  /// Where it starts, counted from the block's first byte.
  public var start: UInt32
  /// How many bytes it has.
  public var count: UInt32

  /// A run; by default an empty one.
  public init(start: Int = 0, count: Int = 0) {
    self.start = UInt32(start)
    self.count = UInt32(count)
  }

  /// The same as a range of integers.
  public var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
}

/// A header field: where its name and its value stand in the block.
public struct HeadField: Sendable, Equatable {
  /// The first byte of the name.
  public var nameStart: UInt32
  /// The first byte of the value, blanks before it left out.
  public var valueStart: UInt32
  /// Bytes of the value, blanks behind it left out.
  public var valueCount: UInt32
  /// Bytes of the name.
  public var nameCount: UInt16
  /// What the name is to the gateway.
  public var known: KnownField
  /// Whether the block holds the field as `name: value` and a line end, so that it can be copied as it is.
  public var isPlain: Bool

  /// The name's place.
  public var name: Range<Int> { Int(nameStart)..<Int(nameStart) + Int(nameCount) }
  /// The value's place.
  public var value: Range<Int> { Int(valueStart)..<Int(valueStart) + Int(valueCount) }
  /// The field's line with its end, of a plain field.
  public var line: Range<Int> { Int(nameStart)..<Int(valueStart) + Int(valueCount) + 2 }

  /// A field.
  public init(name: Range<Int>, value: Range<Int>, known: KnownField, isPlain: Bool) {
    nameStart = UInt32(name.lowerBound)
    nameCount = UInt16(name.count)
    valueStart = UInt32(value.lowerBound)
    valueCount = UInt32(value.count)
    self.known = known
    self.isPlain = isPlain
  }
}

/// The bytes of a head and the fields found in them. Reused from request to request, it allocates nothing.
public struct FieldBlock: Sendable, Equatable {
  /// All bytes; what is not part of a field means something to the head that owns the block.
  public private(set) var bytes: [UInt8] = []
  /// The fields, in the order in which they came.
  public private(set) var fields: [HeadField] = []
  /// A bit for each known field that is there, and for each that is there more than once.
  private var (present, repeated): (UInt32, UInt32) = (0, 0)
  /// A bit for each known field that a route has taken away: the gateway does not make it either.
  private var withheld: UInt32 = 0

  /// An empty block.
  public init() {}

  /// Forgets everything but the memory.
  public mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    fields.removeAll(keepingCapacity: true)
    (present, repeated, withheld) = (0, 0, 0)
  }

  /// Takes in raw bytes; says where they stand.
  @discardableResult
  public mutating func append(_ raw: UnsafeRawBufferPointer) -> ByteRange {
    let start = bytes.count
    bytes.append(contentsOf: raw)
    return ByteRange(start: start, count: raw.count)
  }

  /// A field whose bytes are in the block.
  public mutating func append(_ field: HeadField) {
    fields.append(field)
    note(field.known)
  }

  /// Takes fields out of the index; their bytes stay.
  mutating func remove(where isRemoved: (HeadField, UnsafeRawBufferPointer) -> Bool) {
    bytes.withUnsafeBytes { bytes in fields.removeAll { isRemoved($0, bytes) } }
    noteAll()
  }

  /// Makes a field like any other of those that only the gateway may set: who sent them may do that as well.
  mutating func admitReserved() {
    for index in fields.indices where fields[index].known == .reserved { fields[index].known = .added }
    noteAll()
  }

  private mutating func noteAll() {
    (present, repeated) = (0, 0)
    for field in fields { note(field.known) }
  }

  @inline(__always) private mutating func note(_ known: KnownField) {
    repeated |= present & known.bit
    present |= known.bit
  }

  /// A field whose bytes are not in the block yet. Name and value must be fit for a head.
  ///
  /// - Parameter isOurs: a route sets it: see ``KnownField/added``.
  public mutating func append(name: String, value: String, isOurs: Bool = false) {
    let start = bytes.count
    bytes.append(contentsOf: name.utf8)
    bytes.append(contentsOf: [UInt8(ascii: ":"), UInt8(ascii: " ")])
    let valueStart = bytes.count
    bytes.append(contentsOf: value.utf8)
    let end = bytes.count
    bytes.append(contentsOf: [0x0D, 0x0A])
    let names = start..<valueStart - 2
    var known = withBytes(names) { KnownField.find($0) }
    if isOurs {
      withheld &= ~known.bit
      known = known.whereAdded
    }
    append(HeadField(name: names, value: valueStart..<end, known: known, isPlain: true))
  }

  /// Takes the fields of this name away.
  public mutating func removeAll(_ known: KnownField) {
    fields.removeAll { $0.known == known }
    (present, repeated) = (present & ~known.bit, repeated & ~known.bit)
  }

  /// A route takes away what has this name, in lower case; of those that the gateway makes itself, it makes none.
  mutating func withhold(_ name: String) {
    remove(name)
    var name = name
    let known = name.withUTF8 { KnownField.find(UnsafeRawBufferPointer($0)) }
    withheld |= known.bit & Self.told
  }

  private static let told = KnownField.set([
    .forwarded, .xForwardedFor, .xForwardedProto, .xForwardedHost, .xForwardedPort,
  ])

  /// Whether a route has taken the field of this name away.
  @inline(__always) public func isWithheld(_ known: KnownField) -> Bool { withheld & known.bit != 0 }

  /// Whether a field of this name is there.
  public func contains(_ known: KnownField) -> Bool { containsAny(of: known.bit) }

  /// Whether a field of a set (``KnownField/set(_:)``) is there.
  @inline(__always) func containsAny(of set: UInt32) -> Bool { present & set != 0 }

  /// Whether more than one field of this name is there.
  public func isRepeated(_ known: KnownField) -> Bool { repeated & known.bit != 0 }

  /// The first field of this name.
  public func first(_ known: KnownField) -> HeadField? {
    contains(known) ? fields.first { $0.known == known } : nil
  }

  /// The first field of this name, which is in lower case.
  public func first(_ name: String) -> HeadField? {
    bytes.withUnsafeBytes { bytes in
      fields.first { Self.isNamed($0, name, bytes) }
    }
  }

  @inline(__always) private static func isNamed(
    _ field: HeadField, _ name: String, _ bytes: UnsafeRawBufferPointer
  ) -> Bool {
    Int(field.nameCount) == name.utf8.count
      && ASCIIBytes.isSame(UnsafeRawBufferPointer(rebasing: bytes[field.name]), name)
  }

  /// Whether one of the fields of this name, which is in lower case, has such a value; or, of several, all of them as one with
  /// commas between them, which says the same (RFC 9110, section 5.3). Fields that only the gateway may set have none.
  func hasValue(of name: String, where isWanted: (UnsafeRawBufferPointer) -> Bool) -> Bool {
    bytes.withUnsafeBytes { bytes in
      var count = 0
      for field in fields where field.known != .reserved && Self.isNamed(field, name, bytes) {
        if isWanted(UnsafeRawBufferPointer(rebasing: bytes[field.value])) { return true }
        count += 1
      }
      if count < 2 { return false }
      var all: [UInt8] = []
      for field in fields where field.known != .reserved && Self.isNamed(field, name, bytes) {
        if !all.isEmpty { all += [UInt8(ascii: ","), UInt8(ascii: " ")] }
        all += bytes[field.value]
      }
      return all.withUnsafeBytes(isWanted)
    }
  }

  /// Looks at a part of the bytes.
  public func withBytes<Result>(_ range: Range<Int>, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[range])) }
  }

  /// A part of the bytes as text.
  public func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// The value of the first field of this name as text.
  public func text(_ known: KnownField) -> String? { first(known).map { text($0.value) } }

  /// The value of the first field of this name, which is in lower case, as text.
  public func text(_ name: String) -> String? { first(name).map { text($0.value) } }

  /// Whether the first field of this name has the value, which is in lower case; letter case is not significant.
  public func value(of known: KnownField, is value: StaticString) -> Bool {
    first(known).map { field in withBytes(field.value) { ASCIIBytes.isSame($0, value) } } ?? false
  }
}
