import KubernetesAPI

/// A label selector as the `labelSelector` parameter writes it: `a=b,c!=d,e in (f,g),h,!i`.
///
/// Grammar: <https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#api>
struct LabelSelectorQuery: Sendable, Equatable {
  /// One condition; all must hold.
  enum Requirement: Sendable, Equatable {
    case isIn(key: String, values: Set<String>)
    case notIn(key: String, values: Set<String>)
    case exists(String)
    case absent(String)
    /// Whether the label is a whole number above, or below, another.
    case greater(key: String, than: Int64)
    case less(key: String, than: Int64)
  }

  var requirements: [Requirement] = []

  /// Reads a selector.
  ///
  /// - Throws: `StatusError` (400) naming what could not be read.
  init(parsing text: String) throws(StatusError) {
    for part in Self.split(text) {
      let part = part.trimmed()
      if part.isEmpty { continue }
      requirements.append(try Self.requirement(part, in: text))
    }
  }

  func matches(_ labels: [String: String]) -> Bool {
    requirements.allSatisfy { requirement in
      switch requirement {
      case .isIn(let key, let values): labels[key].map(values.contains) ?? false
      case .notIn(let key, let values): !(labels[key].map(values.contains) ?? false)
      case .exists(let key): labels[key] != nil
      case .absent(let key): labels[key] == nil
      case .greater(let key, let limit): labels[key].flatMap { Int64($0) }.map { $0 > limit } ?? false
      case .less(let key, let limit): labels[key].flatMap { Int64($0) }.map { $0 < limit } ?? false
      }
    }
  }

  /// Splits at commas outside parentheses.
  private static func split(_ text: String) -> [String] {
    var parts = [""]
    var depth = 0
    for character in text {
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      if character == ",", depth == 0 { parts.append("") } else { parts[parts.count - 1].append(character) }
    }
    return parts
  }

  private static func requirement(_ part: String, in text: String) throws(StatusError) -> Requirement {
    if part.hasPrefix("!") { return .absent(try key(String(part.dropFirst()), in: text)) }
    for (separator, negated) in [("!=", true), ("==", false), ("=", false)] {
      guard let range = part.firstRange(of: separator) else { continue }
      let key = try key(String(part[..<range.lowerBound]), in: text)
      let values: Set = [String(part[range.upperBound...]).trimmed()]
      return negated ? .notIn(key: key, values: values) : .isIn(key: key, values: values)
    }
    if let place = part.firstIndex(where: { $0 == ">" || $0 == "<" }) {
      let key = try key(String(part[..<place]), in: text)
      let value = String(part[part.index(after: place)...]).trimmed()
      guard let limit = Int64(value) else {
        throw unreadable(
          text, "values[0][\(key)]: Invalid value: \"\(value)\": for 'Gt', 'Lt' operators, the value must be an integer"
        )
      }
      return part[place] == ">" ? .greater(key: key, than: limit) : .less(key: key, than: limit)
    }
    for (word, negated) in [(" notin ", true), (" in ", false)] {
      guard let range = part.replacing("(", with: " (").firstRange(of: word) else { continue }
      let spaced = part.replacing("(", with: " (")
      let key = try key(String(spaced[..<range.lowerBound]), in: text)
      let list = String(spaced[range.upperBound...]).trimmed()
      guard list.hasPrefix("("), list.hasSuffix(")") else { throw unreadable(text, "expected: '('") }
      let values = Set(list.dropFirst().dropLast().split(separator: ",").map { String($0).trimmed() })
      return negated ? .notIn(key: key, values: values) : .isIn(key: key, values: values)
    }
    return .exists(try key(part, in: text))
  }

  private static func key(_ text: String, in whole: String) throws(StatusError) -> String {
    let key = text.trimmed()
    let allowed = key.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./".contains($0)) }
    guard !key.isEmpty, allowed else { throw unreadable(whole, "found '\(key)', expected: identifier") }
    return key
  }

  private static func unreadable(_ text: String, _ why: String) -> StatusError {
    .badRequest("unable to parse requirement: \(why) in labelSelector \"\(text)\"")
  }
}

extension String {
  /// Without spaces at both ends.
  func trimmed() -> String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
