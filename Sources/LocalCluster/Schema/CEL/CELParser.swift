import Foundation

/// Builds the expression tree by recursive descent, with the precedence of the CEL grammar.
struct CELParser {
  private let tokens: [CELToken]
  private var position = 0
  private var depth = 0
  private var bound: [String] = []
  /// Names used that no macro binds.
  private(set) var freeIdentifiers: Set<String> = []

  init(tokens: [CELToken]) {
    self.tokens = tokens
  }

  mutating func parse() throws(CELError) -> CELExpression {
    let expression = try conditional()
    guard current == .end else { throw unexpected() }
    return expression
  }

  private var current: CELToken { tokens[min(position, tokens.count - 1)] }

  private mutating func accept(_ symbol: String) -> Bool {
    guard current == .symbol(symbol) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ symbol: String) throws(CELError) {
    guard accept(symbol) else { throw unexpected(expected: symbol) }
  }

  private func unexpected(expected: String? = nil) -> CELError {
    let found =
      switch current {
      case .identifier(let name): "'\(name)'"
      case .symbol(let symbol): "'\(symbol)'"
      case .end: "the end"
      case .int(let value): "\(value)"
      case .double(let value): "\(value)"
      case .string(let text): "\"\(text)\""
      }
    return CELError("Syntax error: unexpected \(found)" + (expected.map { ", expecting '\($0)'" } ?? ""))
  }

  private mutating func conditional() throws(CELError) -> CELExpression {
    depth += 1
    defer { depth -= 1 }
    // Keeps a hostile expression from exhausting the stack.
    guard depth < 200 else { throw CELError("Syntax error: expression is nested too deeply") }
    let condition = try or()
    guard accept("?") else { return condition }
    let yes = try or()
    try expect(":")
    return .conditional(condition, yes, try conditional())
  }

  private mutating func or() throws(CELError) -> CELExpression {
    var left = try and()
    while accept("||") { left = .or(left, try and()) }
    return left
  }

  private mutating func and() throws(CELError) -> CELExpression {
    var left = try relation()
    while accept("&&") { left = .and(left, try relation()) }
    return left
  }

  private mutating func relation() throws(CELError) -> CELExpression {
    var left = try binary(["+", "-"]) { parser throws(CELError) in
      try parser.binary(["*", "/", "%"]) { inner throws(CELError) in try inner.unary() }
    }
    while let operation = relationSymbol() {
      position += 1
      let right = try binary(["+", "-"]) { parser throws(CELError) in
        try parser.binary(["*", "/", "%"]) { inner throws(CELError) in try inner.unary() }
      }
      left = .binary(operation, left, right)
    }
    return left
  }

  private func relationSymbol() -> String? {
    switch current {
    case .identifier("in"): "in"
    case .symbol(let symbol) where ["==", "!=", "<", "<=", ">", ">="].contains(symbol): symbol
    default: nil
    }
  }

  private mutating func binary(
    _ operations: [String], _ operand: (inout CELParser) throws(CELError) -> CELExpression
  ) throws(CELError) -> CELExpression {
    var left = try operand(&self)
    while case .symbol(let symbol) = current, operations.contains(symbol) {
      position += 1
      left = .binary(symbol, left, try operand(&self))
    }
    return left
  }

  private mutating func unary() throws(CELError) -> CELExpression {
    var isNegated = false
    if current == .symbol("!") {
      while accept("!") { isNegated.toggle() }
      let operand = try member()
      return isNegated ? .not(operand) : .not(.not(operand))
    }
    guard current == .symbol("-") else { return try member() }
    while accept("-") { isNegated.toggle() }
    let operand = try member()
    return isNegated ? .negate(operand) : operand
  }

  private mutating func member() throws(CELError) -> CELExpression {
    var operand = try primary()
    while true {
      if accept("[") {
        operand = .index(operand, try conditional())
        try expect("]")
      } else if accept(".") {
        guard case .identifier(let name) = current else { throw unexpected(expected: "identifier") }
        position += 1
        operand =
          accept("(") ? try method(name, on: operand) : .select(operand, Self.unescaped(name))
      } else {
        return operand
      }
    }
  }

  private mutating func method(_ name: String, on receiver: CELExpression) throws(CELError) -> CELExpression {
    if let macro = CELMacro(rawValue: name) { return try comprehension(macro, over: receiver) }
    let arguments = try expressions(until: ")")
    try CELFunctions.checkExists(name, argumentCount: arguments.count, isMethod: true)
    return .call(name, receiver: receiver, arguments)
  }

  private mutating func comprehension(_ macro: CELMacro, over range: CELExpression) throws(CELError) -> CELExpression {
    guard case .identifier(let variable) = current else { throw unexpected(expected: "identifier") }
    position += 1
    try expect(",")
    bound.append(variable)
    defer { bound.removeLast() }
    let body = try conditional()
    var transform: CELExpression?
    if macro == .map, accept(",") { transform = try conditional() }
    try expect(")")
    return .comprehension(macro, range: range, variable: variable, body, transform: transform)
  }

  private mutating func expressions(until end: String) throws(CELError) -> [CELExpression] {
    var list: [CELExpression] = []
    while !accept(end) {
      if !list.isEmpty { try expect(",") }
      if accept(end) { break }
      list.append(try conditional())
    }
    return list
  }

  private mutating func primary() throws(CELError) -> CELExpression {
    let token = current
    switch token {
    case .int(let value):
      position += 1
      return .literal(.int(value))
    case .double(let value):
      position += 1
      return .literal(.double(value))
    case .string(let value):
      position += 1
      return .literal(.string(value))
    case .identifier(let name):
      position += 1
      return try named(name)
    case .symbol("("):
      position += 1
      let inner = try conditional()
      try expect(")")
      return inner
    case .symbol("["):
      position += 1
      return .list(try expressions(until: "]"))
    case .symbol("{"):
      position += 1
      return try map()
    case .symbol, .end: throw unexpected()
    }
  }

  private mutating func named(_ name: String) throws(CELError) -> CELExpression {
    switch name {
    case "true": return .literal(.bool(true))
    case "false": return .literal(.bool(false))
    case "null": return .literal(.null)
    case "in": throw CELError("Syntax error: unexpected 'in'")
    default: break
    }
    guard accept("(") else {
      if !bound.contains(name) { freeIdentifiers.insert(name) }
      return .identifier(name)
    }
    let arguments = try expressions(until: ")")
    if name == "has" {
      guard arguments.count == 1, case .select(let operand, let field) = arguments[0] else {
        throw CELError("invalid argument to has() macro")
      }
      return .has(operand, field)
    }
    try CELFunctions.checkExists(name, argumentCount: arguments.count, isMethod: false)
    return .call(name, receiver: nil, arguments)
  }

  private mutating func map() throws(CELError) -> CELExpression {
    var entries: [(key: CELExpression, value: CELExpression)] = []
    while !accept("}") {
      if !entries.isEmpty { try expect(",") }
      if accept("}") { break }
      let key = try conditional()
      try expect(":")
      entries.append((key, try conditional()))
    }
    return .map(entries)
  }

  /// Kubernetes' escapes for field names that are no CEL identifiers, such as `__namespace__`.
  static func unescaped(_ name: String) -> String {
    guard name.contains("__") else { return name }
    let reserved = [
      "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import",
      "let", "loop", "package", "namespace", "return", "var", "void", "while",
    ]
    if let word = reserved.first(where: { name == "__\($0)__" }) { return word }
    return [("__dot__", "."), ("__dash__", "-"), ("__slash__", "/"), ("__underscores__", "__")]
      .reduce(name) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
  }
}
