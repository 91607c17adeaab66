import Foundation
import JSONText

/// The functions and methods of CEL, and of Kubernetes' extensions to it, that rules use.
///
/// Source: https://kubernetes.io/docs/reference/using-api/cel/
enum CELFunctions {
  /// Allowed argument counts without a receiver.
  private static let functions: [String: Set<Int>] = [
    "size": [1], "string": [1], "int": [1], "double": [1], "bool": [1], "duration": [1], "timestamp": [1],
    "type": [1], "dyn": [1], "isURL": [1], "isIP": [1], "isCIDR": [1],
  ]
  /// Allowed argument counts with a receiver.
  private static let methods: [String: Set<Int>] = [
    "size": [0], "startsWith": [1], "endsWith": [1], "contains": [1], "matches": [1], "split": [1, 2],
    "lowerAscii": [0], "upperAscii": [0], "trim": [0], "replace": [2], "indexOf": [1], "lastIndexOf": [1],
    "format": [1],
    "sets.contains": [1], "sets.equivalent": [1], "sets.intersects": [1], "hasValue": [0], "value": [0], "orValue": [1],
    "substring": [1, 2],
    "join": [0, 1], "charAt": [1], "isSorted": [0], "sum": [0], "min": [0], "max": [0], "find": [1],
    "getSeconds": [0], "getMinutes": [0], "getHours": [0], "getMilliseconds": [0],
  ]

  /// - Throws: `CELError` for a function that does not exist or cannot take so many arguments.
  static func checkExists(_ name: String, argumentCount: Int, isMethod: Bool) throws(CELError) {
    guard let counts = (isMethod ? methods : functions)[name] else {
      throw CELError("undeclared reference to '\(name)'")
    }
    guard counts.contains(argumentCount) else {
      throw CELError("found no matching overload for '\(name)' with \(argumentCount) arguments")
    }
  }

  /// `name(values…)`
  static func call(_ name: String, _ value: CELValue) throws(CELError) -> CELValue {
    switch (name, value) {
    case ("size", _): return .int(try size(value))
    case ("dyn", _): return value
    case ("type", _): return .string(value.typeName)
    case ("string", _): return .string(try string(value))
    case ("int", _): return .int(try int(value))
    case ("double", _): return .double(try double(value))
    case ("bool", .bool): return value
    case ("bool", .string("true")): return .bool(true)
    case ("bool", .string("false")): return .bool(false)
    case ("duration", .duration), ("timestamp", .timestamp): return value
    case ("duration", .string(let text)):
      guard let nanoseconds = CELDuration.nanoseconds(text) else { throw CELError("invalid duration \(text)") }
      return .duration(nanoseconds)
    case ("timestamp", .string(let text)):
      guard let seconds = RFC3339Time(text)?.secondsSince1970 else { throw CELError("invalid timestamp \(text)") }
      return .timestamp(seconds)
    case ("isIP", .string(let text)): return .bool(CELNetwork.isIP(text))
    case ("isCIDR", .string(let text)): return .bool(CELNetwork.isCIDR(text))
    case ("isURL", .string(let text)):
      return .bool(URL(string: text)?.scheme != nil)
    default: throw .noOverload(name, [value])
    }
  }

  /// `receiver.name(arguments…)`
  static func call(_ name: String, on receiver: CELValue, _ arguments: [CELValue]) throws(CELError) -> CELValue {
    switch receiver {
    case _ where name == "size": return .int(try size(receiver))
    case .string(let text): return try callString(name, text, arguments)
    case .list(let elements): return try callList(name, elements, arguments)
    case .duration(let nanoseconds): return try callDuration(name, nanoseconds)
    case .optional(let content): return try callOptional(name, content, arguments)
    default: throw .noOverload(name, [receiver] + arguments)
    }
  }

  static func size(_ value: CELValue) throws(CELError) -> Int64 {
    switch value {
    case .string(let text): Int64(text.unicodeScalars.count)
    case .list(let elements): Int64(elements.count)
    case .map(let fields): Int64(fields.count)
    default: throw .noOverload("size", [value])
    }
  }

  private static func string(_ value: CELValue) throws(CELError) -> String {
    switch value {
    case .string(let text): text
    case .int(let number): String(number)
    case .double(let number): Int64(exactly: number).map { String($0) } ?? String(number)
    case .bool(let flag): String(flag)
    case .duration(let nanoseconds): "\(Double(nanoseconds) / 1e9)s"
    default: throw .noOverload("string", [value])
    }
  }

  private static func int(_ value: CELValue) throws(CELError) -> Int64 {
    let converted: Int64? =
      switch value {
      case .int(let number): number
      case .double(let number): Int64(exactly: number.rounded(.towardZero))
      case .string(let text): Int64(text)
      case .timestamp(let seconds): Int64(exactly: seconds.rounded(.down))
      default: throw .noOverload("int", [value])
      }
    guard let converted else { throw CELError("integer overflow or not a number") }
    return converted
  }

  private static func double(_ value: CELValue) throws(CELError) -> Double {
    switch value {
    case .int(let number): return Double(number)
    case .double(let number): return number
    case .string(let text):
      guard let number = Double(text) else { throw CELError("'\(text)' is not a double") }
      return number
    default: throw .noOverload("double", [value])
    }
  }

  private static func callString(
    _ name: String, _ text: String, _ arguments: [CELValue]
  ) throws(CELError) -> CELValue {
    switch (name, arguments.first, arguments.dropFirst().first) {
    case ("startsWith", .string(let part)?, nil): return .bool(part.isEmpty || text.hasPrefix(part))
    case ("endsWith", .string(let part)?, nil): return .bool(part.isEmpty || text.hasSuffix(part))
    case ("contains", .string(let part)?, nil): return .bool(part.isEmpty || text.contains(part))
    case ("matches", .string(let pattern)?, nil): return .bool(try regex(pattern).matches(text))
    case ("split", .string(let separator)?, let limit): return try split(text, separator, limit)
    case ("replace", .string(let old)?, .string(let new)?):
      return .string(text.replacingOccurrences(of: old, with: new))
    case ("lowerAscii", nil, nil): return .string(String(text.map { $0.isASCII ? Character($0.lowercased()) : $0 }))
    case ("upperAscii", nil, nil): return .string(String(text.map { $0.isASCII ? Character($0.uppercased()) : $0 }))
    case ("trim", nil, nil): return .string(text.trimmingCharacters(in: .whitespacesAndNewlines))
    case ("indexOf", .string(let part)?, nil):
      guard let range = text.range(of: part) else { return .int(part.isEmpty ? 0 : -1) }
      return .int(Int64(text.unicodeScalars.distance(from: text.startIndex, to: range.lowerBound)))
    case ("lastIndexOf", .string(let part)?, nil):
      let place = part.isEmpty ? text.endIndex : text.range(of: part, options: .backwards)?.lowerBound
      return .int(place.map { Int64(text.unicodeScalars.distance(from: text.startIndex, to: $0)) } ?? -1)
    case ("format", .list(let values)?, nil): return .string(try CELFormat.apply(text, values))
    case ("charAt", .int(let index)?, nil):
      let count = Int64(text.unicodeScalars.count)
      return try substring(text, index, index < count ? index + 1 : index)
    case ("substring", .int(let start)?, nil):
      return try substring(text, start, Int64(text.unicodeScalars.count))
    case ("substring", .int(let start)?, .int(let end)?): return try substring(text, start, end)
    case ("find", .string(let pattern)?, nil):
      return .string(try regex(pattern).firstMatch(in: text) ?? "")
    default: throw .noOverload(name, [.string(text)] + arguments)
    }
  }

  private static func regex(_ pattern: String) throws(CELError) -> SchemaPattern {
    do { return try SchemaPattern(pattern) } catch { throw CELError(error.description) }
  }

  private static func substring(_ text: String, _ start: Int64, _ end: Int64) throws(CELError) -> CELValue {
    let scalars = Array(text.unicodeScalars)
    guard start >= 0, start <= end, end <= scalars.count else {
      throw CELError("index out of range: \(start)..\(end) in a string of \(scalars.count)")
    }
    return .string(String(String.UnicodeScalarView(scalars[Int(start)..<Int(end)])))
  }

  private static func split(_ text: String, _ separator: String, _ limit: CELValue?) throws(CELError) -> CELValue {
    var parts = separator.isEmpty ? text.map { String($0) } : text.components(separatedBy: separator)
    if let limit {
      guard case .int(let count) = limit else { throw .noOverload("split", [.string(text), limit]) }
      if count == 0 { return .list([]) }
      if count > 0, parts.count > count {
        let head = parts.prefix(Int(count) - 1)
        parts = head + [parts.dropFirst(Int(count) - 1).joined(separator: separator)]
      }
    }
    return .list(parts.map(CELValue.string))
  }

  private static func callList(
    _ name: String, _ elements: [CELValue], _ arguments: [CELValue]
  ) throws(CELError) -> CELValue {
    switch name {
    case "sets.contains", "sets.equivalent", "sets.intersects": return try callSets(name, elements, arguments)
    case "join":
      var parts: [String] = []
      for element in elements { parts.append(try string(element)) }
      guard let separator = arguments.first else { return .string(parts.joined()) }
      guard case .string(let text) = separator else { throw .noOverload(name, arguments) }
      return .string(parts.joined(separator: text))
    case "isSorted":
      for (left, right) in zip(elements, elements.dropFirst()) where try CELOperators.isLess(right, left) {
        return .bool(false)
      }
      return .bool(true)
    case "sum":
      var total = elements.first ?? .int(0)
      for element in elements.dropFirst() { total = try CELOperators.apply("+", total, element) }
      return total
    case "min", "max":
      guard var best = elements.first else { throw CELError("\(name) called on empty list") }
      for element in elements.dropFirst()
      where try name == "min" ? CELOperators.isLess(element, best) : CELOperators.isLess(best, element) {
        best = element
      }
      return best
    default: throw .noOverload(name, [.list(elements)] + arguments)
    }
  }

  private static func callSets(
    _ name: String, _ elements: [CELValue], _ arguments: [CELValue]
  ) throws(CELError) -> CELValue {
    guard case .list(let others)? = arguments.first else { throw .noOverload(name, [.list(elements)] + arguments) }
    func holds(_ list: [CELValue], _ value: CELValue) -> Bool { list.contains { $0.isEqual(to: value) } }
    switch name {
    case "sets.intersects": return .bool(others.contains { holds(elements, $0) })
    case "sets.contains": return .bool(others.allSatisfy { holds(elements, $0) })
    default:
      return .bool(others.allSatisfy { holds(elements, $0) } && elements.allSatisfy { holds(others, $0) })
    }
  }

  private static func callOptional(
    _ name: String, _ content: [CELValue], _ arguments: [CELValue]
  ) throws(CELError) -> CELValue {
    switch (name, content.first) {
    case ("hasValue", let value): return .bool(value != nil)
    case ("value", let value?), ("orValue", let value?): return value
    case ("value", nil): throw CELError("optional.none() dereference")
    case ("orValue", nil):
      guard let fallback = arguments.first else { throw .noOverload(name, arguments) }
      return fallback
    default: throw .noOverload(name, [.optional(content)] + arguments)
    }
  }

  private static func callDuration(_ name: String, _ nanoseconds: Int64) throws(CELError) -> CELValue {
    let units: [String: Int64] = [
      "getMilliseconds": 1_000_000, "getSeconds": 1_000_000_000, "getMinutes": 60_000_000_000,
      "getHours": 3_600_000_000_000,
    ]
    guard let unit = units[name] else { throw .noOverload(name, [.duration(nanoseconds)]) }
    return .int(nanoseconds / unit)
  }
}
