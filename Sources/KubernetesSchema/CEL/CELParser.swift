/// Builds the expression tree by recursive descent, with the precedence of the CEL grammar.
struct CELParser {
  private let tokens: [CELToken]
  private var position = 0
  private var depth = 0
  /// How many levels the expression has that was read last.
  private var height = 0
  /// Neither a hostile expression's reading nor its evaluation may exhaust the stack.
  private static let maximumHeight = 250
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

  private static let tooDeep = CELError("Syntax error: expression is nested too deeply")

  /// Puts one more level over what was read before and what was read last.
  private mutating func raise(over other: Int) throws(CELError) {
    height = max(height, other) + 1
    guard height < Self.maximumHeight else { throw Self.tooDeep }
  }

  private mutating func conditional() throws(CELError) -> CELExpression {
    depth += 1
    defer { depth -= 1 }
    guard depth < 200 else { throw Self.tooDeep }
    let condition = try or()
    guard accept("?") else { return condition }
    var below = height
    let yes = try or()
    below = max(below, height)
    try expect(":")
    let no = try conditional()
    try raise(over: below)
    return .conditional(condition, yes, no)
  }

  private mutating func or() throws(CELError) -> CELExpression {
    try logical("||", { .or($0, $1) }) { parser throws(CELError) in try parser.and() }
  }

  private mutating func and() throws(CELError) -> CELExpression {
    try logical("&&", { .and($0, $1) }) { parser throws(CELError) in try parser.relation() }
  }

  /// A chain of `&&` or `||`, as a tree that grows in breadth: such chains are long, and their order of evaluation is
  /// the same.
  private mutating func logical(
    _ symbol: String, _ join: (CELExpression, CELExpression) -> CELExpression,
    _ operand: (inout CELParser) throws(CELError) -> CELExpression
  ) throws(CELError) -> CELExpression {
    var operands = [try operand(&self)]
    var below = height
    while accept(symbol) {
      operands.append(try operand(&self))
      below = max(below, height)
    }
    height = below
    while operands.count > 1 {
      var joined: [CELExpression] = []
      for index in stride(from: 0, to: operands.count - 1, by: 2) {
        joined.append(join(operands[index], operands[index + 1]))
      }
      if operands.count % 2 == 1, let last = operands.last { joined.append(last) }
      operands = joined
      try raise(over: height)
    }
    return operands[0]
  }

  private mutating func relation() throws(CELError) -> CELExpression {
    var left = try sum()
    while let operation = relationSymbol() {
      position += 1
      let below = height
      left = .binary(operation, left, try sum())
      try raise(over: below)
    }
    return left
  }

  private mutating func sum() throws(CELError) -> CELExpression {
    try binary(["+", "-"]) { parser throws(CELError) in
      try parser.binary(["*", "/", "%"]) { inner throws(CELError) in try inner.unary() }
    }
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
      let below = height
      left = .binary(symbol, left, try operand(&self))
      try raise(over: below)
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
      let below = height
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
      try raise(over: below)
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
    if macro == .map, accept(",") {
      let below = height
      transform = try conditional()
      height = max(height, below)
    }
    try expect(")")
    return .comprehension(macro, range: range, variable: variable, body, transform: transform)
  }

  private mutating func expressions(until end: String) throws(CELError) -> [CELExpression] {
    var list: [CELExpression] = []
    var below = 0
    while !accept(end) {
      if !list.isEmpty { try expect(",") }
      if accept(end) { break }
      list.append(try conditional())
      below = max(below, height)
    }
    height = below
    try raise(over: 0)
    return list
  }

  private mutating func primary() throws(CELError) -> CELExpression {
    let token = current
    height = 0
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
    if name == "sets", current == .symbol("."), !bound.contains(name) { return try setFunction() }
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

  /// `sets.contains(a, b)` and its like: the first list takes the place of a receiver.
  private mutating func setFunction() throws(CELError) -> CELExpression {
    try expect(".")
    guard case .identifier(let function) = current else { throw unexpected(expected: "identifier") }
    position += 1
    try expect("(")
    let arguments = try expressions(until: ")")
    let name = "sets.\(function)"
    try CELFunctions.checkExists(name, argumentCount: arguments.count - 1, isMethod: true)
    return .call(name, receiver: arguments[0], Array(arguments.dropFirst()))
  }

  private mutating func map() throws(CELError) -> CELExpression {
    var entries: [(key: CELExpression, value: CELExpression)] = []
    var below = 0
    while !accept("}") {
      if !entries.isEmpty { try expect(",") }
      if accept("}") { break }
      let key = try conditional()
      below = max(below, height)
      try expect(":")
      entries.append((key, try conditional()))
      below = max(below, height)
    }
    height = below
    try raise(over: 0)
    return .map(entries)
  }
}
