package import JSONText

/// The part of kubectl's JSONPath that printer columns use: `.a.b`, `['x']`, `[0]`, `[-1]`, `[*]`,
/// `[?(@.type=="Ready")]`; a surrounding `{…}` is allowed.
package struct JSONPath: Sendable, Equatable {
  package enum Step: Sendable, Equatable {
    case member(String)
    case index(Int)
    case everything
    /// Elements whose value at a path equals (or does not equal) a text, or, without a text, exists.
    case filter(path: [Step], isEqual: Bool, text: String?)
  }

  package let source: String
  package let steps: [Step]

  /// - Throws: `JSONPathError` naming the path and what is wrong in it.
  package init(_ source: String) throws(JSONPathError) {
    self.source = source
    var body = source[...]
    if body.hasPrefix("{"), body.hasSuffix("}") { body = body.dropFirst().dropLast() }
    if body.hasPrefix("$") { body = body.dropFirst() }
    var reader = JSONPathReader(rest: body, source: source)
    steps = try reader.steps()
  }

  /// All values at the path, in order; none if nothing is there.
  package func values(in value: JSONValue) -> [JSONValue] {
    Self.follow(steps[...], from: [value])
  }

  private static func follow(_ steps: ArraySlice<Step>, from start: [JSONValue]) -> [JSONValue] {
    steps.reduce(start) { values, step in values.flatMap { take(step, from: $0) } }
  }

  private static func take(_ step: Step, from value: JSONValue) -> [JSONValue] {
    switch step {
    case .member(let name): return value.objectValue?[name].map { [$0] } ?? []
    case .index(let index):
      guard let elements = value.arrayValue else { return [] }
      let position = index < 0 ? elements.count + index : index
      return elements.indices.contains(position) ? [elements[position]] : []
    case .everything:
      return value.arrayValue ?? value.objectValue?.sorted { $0.key < $1.key }.map(\.value) ?? []
    case .filter(let path, let isEqual, let text):
      return (value.arrayValue ?? []).filter { element in
        let found = follow(path[...], from: [element])
        guard let text else { return !found.isEmpty }
        return found.contains { ($0.stringValue ?? $0.display) == text } == isEqual && (isEqual || !found.isEmpty)
      }
    }
  }
}

/// A path that cannot be read.
package struct JSONPathError: Error, Sendable, Equatable, CustomStringConvertible {
  package let path: String
  package let reason: String
  package var description: String { "\(JSONWriter.quoted(path)) is not a JSONPath: \(reason)" }
}

private struct JSONPathReader {
  var rest: Substring
  let source: String

  mutating func steps() throws(JSONPathError) -> [JSONPath.Step] {
    var steps: [JSONPath.Step] = []
    while let character = rest.first {
      switch character {
      case ".":
        rest.removeFirst()
        if rest.first == "[" || (rest.isEmpty && steps.isEmpty) { continue }
        let name = takeName()
        guard !name.isEmpty else { throw failure("a name must follow '.'") }
        steps.append(name == "*" ? .everything : .member(name))
      case "[": steps.append(try bracket())
      default:
        guard steps.isEmpty else { throw failure("unexpected '\(character)'") }
        steps.append(.member(takeName()))
      }
    }
    return steps
  }

  private func failure(_ reason: String) -> JSONPathError { JSONPathError(path: source, reason: reason) }

  private mutating func takeName() -> String {
    var name = ""
    while let character = rest.first, character != ".", character != "[" {
      rest.removeFirst()
      if character == "\\", let escaped = rest.popFirst() { name.append(escaped) } else { name.append(character) }
    }
    return name
  }

  /// The text between this `[` and the `]` that closes it; quotes and inner brackets are respected.
  private mutating func takeBracket() throws(JSONPathError) -> String {
    rest.removeFirst()
    var depth = 1
    var quote: Character?
    var text = ""
    while let character = rest.popFirst() {
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "'" || character == "\"" {
        quote = character
      } else if character == "[" {
        depth += 1
      } else if character == "]" {
        depth -= 1
        if depth == 0 { return text }
      }
      text.append(character)
    }
    throw failure("'[' is not closed")
  }

  private mutating func bracket() throws(JSONPathError) -> JSONPath.Step {
    let text = try takeBracket()
    if text == "*" { return .everything }
    if let index = Int(text) { return .index(index) }
    if let name = Self.unquoted(text) { return .member(name) }
    guard text.hasPrefix("?("), text.hasSuffix(")") else { throw failure("'[\(text)]' is not supported") }
    return try filter(String(text.dropFirst(2).dropLast()))
  }

  private func filter(_ text: String) throws(JSONPathError) -> JSONPath.Step {
    let condition = text.drop { $0 == " " }
    guard condition.hasPrefix("@") else { throw failure("a filter must begin with '@'") }
    let operators = condition.ranges(of: "==") + condition.ranges(of: "!=")
    guard let range = operators.min(by: { $0.lowerBound < $1.lowerBound }) else {
      var reader = JSONPathReader(rest: condition.dropFirst(), source: source)
      return .filter(path: try reader.steps(), isEqual: true, text: nil)
    }
    let left = condition[..<range.lowerBound].dropFirst().filter { $0 != " " }
    let right = String(condition[range.upperBound...].drop { $0 == " " }).trimmingSuffix(" ")
    var reader = JSONPathReader(rest: left[...], source: source)
    return .filter(
      path: try reader.steps(), isEqual: condition[range] == "==", text: Self.unquoted(right) ?? right)
  }

  private static func unquoted(_ text: String) -> String? {
    guard text.count >= 2, let first = text.first, first == "'" || first == "\"", text.last == first else {
      return nil
    }
    return String(text.dropFirst().dropLast())
  }
}

extension String {
  fileprivate func trimmingSuffix(_ character: Character) -> String {
    var text = self
    while text.last == character { text.removeLast() }
    return text
  }
}
