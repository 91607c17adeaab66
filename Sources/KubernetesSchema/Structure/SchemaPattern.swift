import Foundation
import JSONText
import KubernetesAPI

/// A regular expression in RE2 syntax, as the API server reads `pattern` and CEL's `matches`.
///
/// Evaluated by `NSRegularExpression`; the differences that matter are translated: `$` is the end of the text, not of
/// a line; `\d`, `\w` and `\s` are ASCII; `[`, `&&` and `--` mean themselves in a class.
package struct SchemaPattern: Sendable {
  package let source: String
  private let expression: NSRegularExpression

  /// - Throws: `PatternError` when the expression is not valid.
  package init(_ source: String) throws(PatternError) {
    self.source = source
    do {
      expression = try NSRegularExpression(pattern: Self.translated(source))
    } catch {
      throw PatternError(pattern: source)
    }
  }

  /// Whether the expression is found anywhere in the text.
  package func matches(_ text: String) -> Bool {
    expression.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil
  }

  /// The first part of the text that matches; `nil` if none does.
  package func firstMatch(in text: String) -> String? {
    let found = expression.firstMatch(in: text, range: NSRange(text.startIndex..., in: text))
    return found.flatMap { Range($0.range, in: text) }.map { String(text[$0]) }
  }

  private static func translated(_ source: String) -> String {
    var out = ""
    var inClass = false
    var classStart = false
    var characters = Array(source)[...]
    while let character = characters.popFirst() {
      let atStart = classStart
      classStart = false
      switch character {
      case "\\":
        guard let next = characters.popFirst() else { return out + "\\" }
        out += escape(next, inClass: inClass)
      case "[" where !inClass:
        inClass = true
        classStart = true
        out += "["
      case "^" where atStart:
        classStart = true
        out += "^"
      case "[" where inClass && characters.first == ":":
        out += "["
        while let next = characters.popFirst() {
          out.append(next)
          if next == "]" { break }
        }
      case "]" where inClass && !atStart:
        inClass = false
        out += "]"
      case "[", "]", "&", "~": out += inClass ? "\\\(character)" : String(character)
      case "$" where !inClass: out += "\\z"
      default: out.append(character)
      }
    }
    return out
  }

  private static func escape(_ character: Character, inClass: Bool) -> String {
    let classes: [Character: String] = ["d": "0-9", "w": "A-Za-z0-9_", "s": "\\t\\n\\f\\r "]
    if let ascii = classes[character] { return inClass ? ascii : "[\(ascii)]" }
    return "\\\(character)"
  }
}

/// A regular expression that does not compile.
package struct PatternError: Error, Sendable, Equatable, CustomStringConvertible {
  package let pattern: String
  package var description: String { "\(JSONWriter.quoted(pattern)) is not a valid regular expression" }
}
