/// Computes an expression's value.
///
/// `&&` and `||` absorb an error on one side when the other side decides; `all` and `exists` do so over elements.
struct CELEvaluator {
  private var variables: [String: CELValue]
  private var steps = 0
  /// Bounds the work of one rule, as the API server's cost limit does.
  private static let maximumSteps = 2_000_000

  init(variables: [String: CELValue]) {
    self.variables = variables
  }

  mutating func value(of expression: CELExpression) throws(CELError) -> CELValue {
    steps += 1
    if steps > Self.maximumSteps { throw CELError("cost limit exceeded") }
    switch expression {
    case .literal(let value): return value
    case .identifier(let name):
      guard let value = variables[name] else { throw CELError("undeclared reference to '\(name)'") }
      return value
    case .select(let operand, let field): return try Self.field(field, of: value(of: operand))
    case .has(let operand, let field): return try Self.has(field, in: value(of: operand))
    case .index(let operand, let index): return try Self.element(of: value(of: operand), at: value(of: index))
    case .list(let elements): return .list(try values(of: elements))
    case .map(let entries): return try map(entries)
    case .call(let name, let receiver, let arguments): return try call(name, receiver, arguments)
    case .not(let operand): return .bool(!(try truth(of: operand)))
    case .negate(let operand): return try negated(value(of: operand))
    case .binary(let operation, let left, let right):
      let (left, right) = (try value(of: left), try value(of: right))
      try charge { CELCost.bytes(of: operation, left, right, limit: $0) }
      return try CELOperators.apply(operation, left, right)
    case .and(let left, let right): return .bool(try decide(left, right, by: false))
    case .or(let left, let right): return .bool(try decide(left, right, by: true))
    case .conditional(let condition, let yes, let no):
      return try value(of: truth(of: condition) ? yes : no)
    case .comprehension(let macro, let range, let variable, let body, let transform):
      return try comprehension(macro, value(of: range), variable, body, transform)
    }
  }

  /// Counts what an operation will read and make, before it does: ten bytes are one step.
  private mutating func charge(_ bytes: (_ limit: Int) -> Int) throws(CELError) {
    steps += bytes((Self.maximumSteps - steps) * 10 + 10) / 10
    if steps > Self.maximumSteps { throw CELError("cost limit exceeded") }
  }

  private mutating func values(of expressions: [CELExpression]) throws(CELError) -> [CELValue] {
    var values: [CELValue] = []
    for expression in expressions { values.append(try value(of: expression)) }
    return values
  }

  private mutating func truth(of expression: CELExpression) throws(CELError) -> Bool {
    let value = try value(of: expression)
    guard case .bool(let flag) = value else { throw .noOverload("bool", [value]) }
    return flag
  }

  /// The value of one side decides whatever the other side is, even an error.
  private mutating func decide(
    _ left: CELExpression, _ right: CELExpression, by deciding: Bool
  ) throws(CELError) -> Bool {
    let failure: CELError
    do {
      if try truth(of: left) == deciding { return deciding }
      return try truth(of: right)
    } catch {
      failure = error
    }
    if try truth(of: right) == deciding { return deciding }
    throw failure
  }

  private static func field(_ name: String, of value: CELValue) throws(CELError) -> CELValue {
    guard case .map(let fields) = value else { throw .noOverload("select \(name)", [value]) }
    guard let member = fields[name] else { throw CELError("no such key: \(name)") }
    return member
  }

  private static func has(_ name: String, in value: CELValue) throws(CELError) -> CELValue {
    guard case .map(let fields) = value else { throw .noOverload("has \(name)", [value]) }
    return .bool(fields[name] != nil)
  }

  private static func element(of value: CELValue, at index: CELValue) throws(CELError) -> CELValue {
    switch (value, index) {
    case (.list(let elements), .int(let position)):
      guard position >= 0, position < elements.count else { throw CELError("index out of bounds: \(position)") }
      return elements[Int(position)]
    case (.map(let fields), .string(let key)):
      guard let member = fields[key] else { throw CELError("no such key: \(key)") }
      return member
    default: throw .noOverload("_[_]", [value, index])
    }
  }

  private mutating func map(
    _ entries: [(key: CELExpression, value: CELExpression)]
  ) throws(CELError) -> CELValue {
    var fields: [String: CELValue] = [:]
    for entry in entries {
      let key = try value(of: entry.key)
      guard case .string(let name) = key else { throw CELError("map keys must be strings, not \(key.typeName)") }
      fields[name] = try value(of: entry.value)
    }
    return .map(fields)
  }

  private mutating func call(
    _ name: String, _ receiver: CELExpression?, _ arguments: [CELExpression]
  ) throws(CELError) -> CELValue {
    let target = try receiver.map { expression throws(CELError) in try value(of: expression) }
    let values = try values(of: arguments)
    if let target {
      try charge { CELCost.bytes(of: name, on: target, values, limit: $0) }
      return try CELFunctions.call(name, on: target, values)
    }
    guard values.count == 1 else { throw .noOverload(name, values) }
    return try CELFunctions.call(name, values[0])
  }

  private func negated(_ value: CELValue) throws(CELError) -> CELValue {
    switch value {
    case .int(let number): try CELOperators.apply("-", .int(0), .int(number))
    case .double(let number): .double(-number)
    default: throw .noOverload("-_", [value])
    }
  }

  private mutating func comprehension(
    _ macro: CELMacro, _ range: CELValue, _ variable: String, _ body: CELExpression, _ transform: CELExpression?
  ) throws(CELError) -> CELValue {
    let elements = try Self.elements(of: range, macro)
    let shadowed = variables[variable]
    defer { variables[variable] = shadowed }
    switch macro {
    case .all, .exists: return try quantified(elements, variable, body, deciding: macro == .exists)
    case .existsOne:
      return .bool(try selected(elements, variable, body).count == 1)
    case .filter: return .list(try selected(elements, variable, body))
    case .map:
      let chosen = transform == nil ? elements : try selected(elements, variable, body)
      var results: [CELValue] = []
      for element in chosen {
        variables[variable] = element
        results.append(try value(of: transform ?? body))
      }
      return .list(results)
    }
  }

  private static func elements(of range: CELValue, _ macro: CELMacro) throws(CELError) -> [CELValue] {
    switch range {
    case .list(let elements): elements
    case .map(let fields): fields.keys.sorted().map(CELValue.string)
    default: throw .noOverload(macro.rawValue, [range])
    }
  }

  private mutating func quantified(
    _ elements: [CELValue], _ variable: String, _ body: CELExpression, deciding: Bool
  ) throws(CELError) -> CELValue {
    var failure: CELError?
    for element in elements {
      variables[variable] = element
      do {
        if try truth(of: body) == deciding { return .bool(deciding) }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return .bool(!deciding)
  }

  private mutating func selected(
    _ elements: [CELValue], _ variable: String, _ body: CELExpression
  ) throws(CELError) -> [CELValue] {
    var chosen: [CELValue] = []
    for element in elements {
      variables[variable] = element
      if try truth(of: body) { chosen.append(element) }
    }
    return chosen
  }
}
