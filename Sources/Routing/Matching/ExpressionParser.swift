/// Reads a regular expression into a tree by recursive descent.
struct ExpressionParser {
  /// Groups inside each other that are accepted; keeps the recursion off the end of the stack.
  static let depthLimit = 100
  /// The largest number in `{m,n}`, as in RE2.
  static let repetitionLimit = 1000

  private let pattern: String
  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var depth = 0
  private var ignoresCase = false

  init(_ pattern: String) {
    self.pattern = pattern
    scalars = Array(pattern.unicodeScalars)
  }

  mutating func parse() throws(ExpressionError) -> ExpressionNode {
    if take("(?i)") { ignoresCase = true }
    let node = try choice()
    guard position == scalars.count else { throw error("')' closes no group") }
    return node
  }

  private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  private func error(_ reason: String) -> ExpressionError {
    ExpressionError(pattern: pattern, offset: position, reason: reason)
  }

  private mutating func take(_ text: String) -> Bool {
    let wanted = text.unicodeScalars
    guard scalars[position...].starts(with: wanted) else { return false }
    position += wanted.count
    return true
  }

  private mutating func choice() throws(ExpressionError) -> ExpressionNode {
    var branches = [try sequence()]
    while take("|") { branches.append(try sequence()) }
    return branches.count == 1 ? branches[0] : .choice(branches)
  }

  private mutating func sequence() throws(ExpressionError) -> ExpressionNode {
    var parts: [ExpressionNode] = []
    while let scalar = next, scalar != "|", scalar != ")" {
      let atom = try atom()
      parts.append(try repetition(of: atom))
    }
    return parts.isEmpty ? .empty : .sequence(parts)
  }

  private mutating func repetition(of atom: ExpressionNode) throws(ExpressionError) -> ExpressionNode {
    var node: ExpressionNode
    if take("*") {
      node = .repetition(atom, minimum: 0, maximum: nil)
    } else if take("+") {
      node = .repetition(atom, minimum: 1, maximum: nil)
    } else if take("?") {
      node = .repetition(atom, minimum: 0, maximum: 1)
    } else if let bounds = try bounds() {
      node = .repetition(atom, minimum: bounds.minimum, maximum: bounds.maximum)
    } else {
      return atom
    }
    // A lazy quantifier matches the same texts: only whole matches are asked for.
    _ = take("?")
    if let scalar = next, scalar == "*" || scalar == "+" || scalar == "?" {
      throw error("'\(scalar)' repeats a repetition; put the inner one in a group")
    }
    return node
  }

  /// `{m}`, `{m,}` or `{m,n}`; anything else after `{` is literal text, as in RE2.
  private mutating func bounds() throws(ExpressionError) -> (minimum: Int, maximum: Int?)? {
    guard next == "{" else { return nil }
    let start = position
    position += 1
    guard let minimum = number() else {
      position = start
      return nil
    }
    var maximum: Int? = minimum
    if take(",") { maximum = next == "}" ? nil : number() ?? -1 }
    guard take("}"), maximum != -1 else {
      position = start
      return nil
    }
    guard minimum <= Self.repetitionLimit, maximum ?? 0 <= Self.repetitionLimit, minimum <= maximum ?? minimum else {
      throw error("a repetition must be {m,n} with m <= n <= \(Self.repetitionLimit)")
    }
    return (minimum, maximum)
  }

  private mutating func number() -> Int? {
    var digits = ""
    while let scalar = next, ("0"..."9").contains(scalar) {
      digits.unicodeScalars.append(scalar)
      position += 1
    }
    return digits.isEmpty ? nil : Int(digits) ?? Int.max
  }

  private mutating func atom() throws(ExpressionError) -> ExpressionNode {
    guard let scalar = next else { return .empty }
    switch scalar {
    case "(": return try group()
    case "[": return .set(folded(try characterClass()))
    case "\\": return try escape()
    case "*", "+", "?": throw error("'\(scalar)' has nothing to repeat; write '\\\(scalar)' for the character itself")
    case "{" where try bounds() != nil: throw error("'{…}' has nothing to repeat; write '\\{' for the character itself")
    default: position += 1
    }
    switch scalar {
    case ".": return .set(.anyButNewline)
    case "^": return .start
    case "$": return .end
    default: return .set(folded(ScalarSet(scalar)))
    }
  }

  private func folded(_ set: ScalarSet) -> ScalarSet { ignoresCase ? set.ignoringCase : set }

  private mutating func group() throws(ExpressionError) -> ExpressionNode {
    guard depth < Self.depthLimit else { throw error("groups are more than \(Self.depthLimit) deep") }
    depth += 1
    defer { depth -= 1 }
    position += 1
    if take("?") { try groupKind() }
    let node = try choice()
    guard take(")") else { throw error("a group is not closed; add ')'") }
    return node
  }

  private mutating func groupKind() throws(ExpressionError) {
    if take(":") { return }
    let isLookBehind =
      scalars[position...].starts(with: "<=".unicodeScalars)
      || scalars[position...].starts(with: "<!".unicodeScalars)
    guard !isLookBehind, take("P<") || take("<") else {
      throw error("only '(?:…)' and named groups are supported, and '(?i)' at the very beginning; no look-around")
    }
    while let scalar = next, scalar != ">" {
      guard scalar == "_" || scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) else { break }
      position += 1
    }
    guard take(">") else { throw error("a group's name is not closed; add '>'") }
  }

  private mutating func escape() throws(ExpressionError) -> ExpressionNode {
    position += 1
    guard let scalar = next else { throw error("the expression ends with a backslash") }
    switch scalar {
    case "A":
      position += 1
      return .start
    case "z":
      position += 1
      return .end
    default: return .set(folded(try escapedSet()))
    }
  }

  /// What stands after a backslash, inside or outside of a class.
  private mutating func escapedSet() throws(ExpressionError) -> ScalarSet {
    guard let scalar = next else { throw error("the expression ends with a backslash") }
    if let set = ScalarSet.named(scalar) {
      position += 1
      return set
    }
    let controls: [Unicode.Scalar: UInt32] = ["t": 9, "n": 10, "v": 11, "f": 12, "r": 13]
    if let value = controls[scalar] {
      position += 1
      return ScalarSet([value...value])
    }
    if scalar == "x" { return try hexadecimal() }
    guard scalar.value < 0x80, !scalar.properties.isAlphabetic, !("0"..."9").contains(scalar) else {
      throw error("'\\\(scalar)' is not supported")
    }
    position += 1
    return ScalarSet(scalar)
  }

  private mutating func hexadecimal() throws(ExpressionError) -> ScalarSet {
    position += 1
    let digits = String(String.UnicodeScalarView(scalars[position...].prefix(2)))
    guard digits.utf8.count == 2, let value = UInt32(digits, radix: 16) else {
      throw error("'\\x' takes two hexadecimal digits")
    }
    position += 2
    return ScalarSet([value...value])
  }

  private mutating func characterClass() throws(ExpressionError) -> ScalarSet {
    let opening = position
    position += 1
    var set = ScalarSet([], isNegated: take("^"))
    var isFirst = true
    while let scalar = next, scalar != "]" || isFirst {
      isFirst = false
      let low = try classMember()
      guard next == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else {
        set.ranges += low.resolved
        continue
      }
      position += 1
      let high = try classMember()
      guard let from = low.single, let to = high.single, from <= to else {
        throw error("a range in a class must go from a lower to a higher character")
      }
      set.ranges.append(from...to)
    }
    guard take("]") else {
      position = opening
      throw error("a class is not closed; add ']'")
    }
    return set
  }

  private mutating func classMember() throws(ExpressionError) -> ScalarSet {
    guard let scalar = next else { throw error("a class is not closed; add ']'") }
    if scalar == "[", position + 1 < scalars.count, scalars[position + 1] == ":" {
      throw error("'[:name:]' is not supported; write the characters, for example 'a-z'")
    }
    position += 1
    return scalar == "\\" ? try escapedSet() : ScalarSet(scalar)
  }
}

extension ScalarSet {
  /// The only scalar of the set, if it is written as one.
  fileprivate var single: UInt32? {
    guard !isNegated, ranges.count == 1, ranges[0].count == 1 else { return nil }
    return ranges[0].lowerBound
  }
}
