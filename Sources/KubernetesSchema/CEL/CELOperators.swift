/// Arithmetic and comparison; every mix of types that CEL does not define is an error.
enum CELOperators {
  static func apply(_ operation: String, _ left: CELValue, _ right: CELValue) throws(CELError) -> CELValue {
    switch operation {
    case "==": .bool(left.isEqual(to: right))
    case "!=": .bool(!left.isEqual(to: right))
    case "<": .bool(try isLess(left, right))
    case ">": .bool(try isLess(right, left))
    case "<=": .bool(try isLessOrEqual(left, right))
    case ">=": .bool(try isLessOrEqual(right, left))
    case "in": .bool(try contains(right, left))
    default: try arithmetic(operation, left, right)
    }
  }

  private static func isLessOrEqual(_ left: CELValue, _ right: CELValue) throws(CELError) -> Bool {
    if left.isEqual(to: right) {
      // Orders the pair once so that types without an order still are an error.
      _ = try isLess(left, right)
      return true
    }
    return try isLess(left, right)
  }

  static func isLess(_ left: CELValue, _ right: CELValue) throws(CELError) -> Bool {
    switch (left, right) {
    case (.int(let left), .int(let right)): left < right
    case (.double(let left), .double(let right)): left < right
    case (.int(let left), .double(let right)): Double(left) < right
    case (.double(let left), .int(let right)): left < Double(right)
    case (.string(let left), .string(let right)):
      left.unicodeScalars.lexicographicallyPrecedes(right.unicodeScalars)
    case (.bool(let left), .bool(let right)): !left && right
    case (.duration(let left), .duration(let right)): left < right
    case (.timestamp(let left), .timestamp(let right)): left < right
    default: throw .noOverload("_<_", [left, right])
    }
  }

  private static func contains(_ collection: CELValue, _ value: CELValue) throws(CELError) -> Bool {
    switch (collection, value) {
    case (.list(let elements), _): elements.contains { $0.isEqual(to: value) }
    case (.map(let fields), .string(let key)): fields[key] != nil
    case (.map, _): false
    default: throw .noOverload("@in", [value, collection])
    }
  }

  private static func arithmetic(
    _ operation: String, _ left: CELValue, _ right: CELValue
  ) throws(CELError) -> CELValue {
    switch (left, right) {
    case (.int(let left), .int(let right)): return .int(try integers(operation, left, right))
    case (.double(let left), .double(let right)):
      switch operation {
      case "+": return .double(left + right)
      case "-": return .double(left - right)
      case "*": return .double(left * right)
      case "/": return .double(left / right)
      default: break
      }
    case (.string(let left), .string(let right)) where operation == "+": return .string(left + right)
    case (.list(let left), .list(let right)) where operation == "+": return .list(left + right)
    case (.duration(let left), .duration(let right)) where operation == "+" || operation == "-":
      return .duration(try integers(operation, left, right))
    case (.timestamp(let left), .duration(let right)) where operation == "+" || operation == "-":
      let seconds = Double(right) / 1e9
      return .timestamp(operation == "+" ? left + seconds : left - seconds)
    case (.timestamp(let left), .timestamp(let right)) where operation == "-":
      guard let nanoseconds = Int64(exactly: ((left - right) * 1e9).rounded()) else { break }
      return .duration(nanoseconds)
    default: break
    }
    throw .noOverload("_\(operation)_", [left, right])
  }

  private static func integers(_ operation: String, _ left: Int64, _ right: Int64) throws(CELError) -> Int64 {
    if right == 0, operation == "/" || operation == "%" {
      throw CELError(operation == "/" ? "division by zero" : "modulus by zero")
    }
    let result =
      switch operation {
      case "+": left.addingReportingOverflow(right)
      case "-": left.subtractingReportingOverflow(right)
      case "*": left.multipliedReportingOverflow(by: right)
      case "/": left.dividedReportingOverflow(by: right)
      default: left.remainderReportingOverflow(dividingBy: right)
      }
    if result.overflow { throw CELError("integer overflow") }
    return result.partialValue
  }
}
