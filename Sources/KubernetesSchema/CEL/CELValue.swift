import JSONText
import KubernetesAPI

/// A value of the Common Expression Language, as far as validation rules need it.
///
/// Source: https://github.com/google/cel-spec/blob/master/doc/langdef.md
enum CELValue: Sendable, Hashable {
  case null
  case bool(Bool)
  case int(Int64)
  case double(Double)
  case string(String)
  case list([CELValue])
  case map([String: CELValue])
  /// Nanoseconds.
  case duration(Int64)
  /// Seconds since 1970.
  case timestamp(Double)
  /// One value or none: `oldSelf` of a rule with `optionalOldSelf`.
  case optional([CELValue])

  /// A JSON value seen through its schema: `number` is a double even when written whole, `date-time` is a timestamp.
  init(_ value: JSONValue, _ node: SchemaNode?) {
    switch value {
    case .null: self = .null
    case .bool(let flag): self = .bool(flag)
    case .integer(let number): self = node?.type == "number" ? .double(Double(number)) : .int(number)
    case .number(let number):
      let whole = node?.type == "integer" ? Int64(exactly: number) : nil
      self = whole.map(CELValue.int) ?? .double(number)
    case .string(let text): self = Self.string(text, format: node?.format)
    case .array(let elements): self = .list(elements.map { CELValue($0, node?.items) })
    case .object(let members):
      var fields: [String: CELValue] = [:]
      for (name, member) in members {
        fields[name] = CELValue(member, node?.properties[name] ?? node?.additionalProperties)
      }
      self = .map(fields)
    }
  }

  private static func string(_ text: String, format: String?) -> CELValue {
    switch format {
    case "date-time": (RFC3339Time(text)?.secondsSince1970).map(CELValue.timestamp) ?? .string(text)
    case "duration": CELDuration.nanoseconds(text).map(CELValue.duration) ?? .string(text)
    default: .string(text)
    }
  }

  var typeName: String {
    switch self {
    case .null: "null_type"
    case .bool: "bool"
    case .int: "int"
    case .double: "double"
    case .string: "string"
    case .list: "list"
    case .map: "map"
    case .duration: "google.protobuf.Duration"
    case .timestamp: "google.protobuf.Timestamp"
    case .optional: "optional_type"
    }
  }

  /// Equality as CEL defines it: numbers of different types are equal when their values are.
  func isEqual(to other: CELValue) -> Bool {
    switch (self, other) {
    case (.int(let left), .double(let right)): Double(left) == right
    case (.double(let left), .int(let right)): left == Double(right)
    case (.list(let left), .list(let right)):
      left.count == right.count && zip(left, right).allSatisfy { $0.isEqual(to: $1) }
    case (.map(let left), .map(let right)):
      left.count == right.count && left.allSatisfy { key, value in right[key]?.isEqual(to: value) ?? false }
    default: self == other
    }
  }
}

/// Why an expression does not compile or has no value.
struct CELError: Error, Sendable, Equatable, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }

  static func noOverload(_ name: String, _ values: [CELValue]) -> CELError {
    CELError("no such overload: \(name)(\(values.map(\.typeName).joined(separator: ", ")))")
  }
}

/// Durations as Go writes them, such as `1h30m`, `10s` or `250ms`.
enum CELDuration {
  private static let units: [Substring: Double] = [
    "ns": 1, "us": 1e3, "µs": 1e3, "ms": 1e6, "s": 1e9, "m": 60e9, "h": 3600e9,
  ]

  /// Nanoseconds; `nil` if the text is no duration or does not fit.
  static func nanoseconds(_ text: String) -> Int64? {
    var rest = text[...]
    let isNegative = rest.first == "-"
    if rest.first == "-" || rest.first == "+" { rest = rest.dropFirst() }
    if rest == "0" { return 0 }
    guard !rest.isEmpty else { return nil }
    var total = 0.0
    while !rest.isEmpty {
      let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      rest = rest.dropFirst(number.count)
      let unit = rest.prefix { $0.isLetter }
      rest = rest.dropFirst(unit.count)
      guard let amount = Double(number), let scale = units[unit] else { return nil }
      total += amount * scale
    }
    return Int64(exactly: (isNegative ? -total : total).rounded())
  }
}
