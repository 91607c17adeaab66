/// Finds fields that an expression reads and the schema does not have, before any object is judged.
///
/// Types are followed only where the schema makes them plain; where it leaves them open nothing is claimed.
struct CELFieldChecker {
  private var scope: [String: SchemaNode]

  init(variables: [String: SchemaNode]) {
    scope = variables
  }

  /// The schema of an expression's value, `nil` where it is not known.
  ///
  /// - Throws: `CELError` naming the field that does not exist.
  @discardableResult
  mutating func check(_ expression: CELExpression) throws(CELError) -> SchemaNode? {
    switch expression {
    case .literal: return nil
    case .identifier(let name): return scope[name]
    case .select(let operand, let field): return try member(field, of: check(operand))
    case .has(let operand, let field):
      try member(field, of: check(operand))
      return nil
    case .index(let operand, let index):
      try check(index)
      let node = try check(operand)
      return node?.items ?? node?.additionalProperties
    case .call(_, let receiver, let arguments):
      try checkAll([receiver].compactMap { $0 } + arguments)
      return nil
    case .list(let elements): try checkAll(elements)
    case .map(let entries): try checkAll(entries.flatMap { [$0.key, $0.value] })
    case .not(let operand), .negate(let operand): try check(operand)
    case .binary(_, let left, let right), .and(let left, let right), .or(let left, let right):
      try checkAll([left, right])
    case .conditional(let condition, let yes, let no):
      try checkAll([condition, no])
      return try check(yes)
    case .comprehension(let macro, let range, let variable, let body, let transform):
      return try comprehension(macro, range, variable, [body] + [transform].compactMap { $0 })
    }
    return nil
  }

  private mutating func checkAll(_ expressions: [CELExpression]) throws(CELError) {
    for expression in expressions { try check(expression) }
  }

  private mutating func comprehension(
    _ macro: CELMacro, _ range: CELExpression, _ variable: String, _ bodies: [CELExpression]
  ) throws(CELError) -> SchemaNode? {
    let node = try check(range)
    let shadowed = scope[variable]
    defer { scope[variable] = shadowed }
    scope[variable] = node?.items
    try checkAll(bodies)
    return macro == .filter ? node : nil
  }

  @discardableResult
  private func member(_ field: String, of node: SchemaNode?) throws(CELError) -> SchemaNode? {
    guard let node, node.type == "object" else { return nil }
    if let child = node.properties[field] ?? node.additionalProperties { return child }
    let isOpen = node.preservesUnknownFields || node.isEmbeddedResource
    if isOpen || SchemaNode.serverFields.contains(field) { return nil }
    throw CELError("undefined field '\(field)'")
  }
}
