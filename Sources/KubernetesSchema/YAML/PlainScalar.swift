import Foundation
import JSONText
import KubernetesAPI
import Yams

/// What a word without quotes means, as Kubernetes' YAML reader takes it.
///
/// Source: <https://github.com/kubernetes-sigs/yaml/blob/master/goyaml.v2/resolve.go>
enum PlainScalar {
  /// Marks scalars that carry no tag of their own, so that `!!str 1` stays a text.
  private static let untagged = "switchyard:untagged"

  /// - Throws: never in practice; the pattern is fixed.
  static func resolver() throws -> Resolver {
    Resolver.basic.appending(try Resolver.Rule(Tag.Name(rawValue: untagged), "^"))
  }

  static func value(_ scalar: Yams.Node.Scalar, tag: String) throws(YAMLNodeError) -> JSONValue {
    let isPlain = scalar.style == .plain || scalar.style == .any
    let isTyped = ["null", "bool", "int", "float"].contains { tag == "tag:yaml.org,2002:\($0)" }
    guard isTyped || isPlain && tag == untagged else { return .string(scalar.string) }
    let value = resolve(scalar.string)
    if case .number(let number) = value, !number.isFinite {
      throw YAMLNodeError(description: "error converting YAML to JSON: json: unsupported value: \(scalar.string)")
    }
    return value
  }

  /// The name that a mapping key becomes in JSON.
  static func key(_ scalar: Yams.Node.Scalar, tag: String) throws(YAMLNodeError) -> String {
    switch try value(scalar, tag: tag) {
    case .bool(let flag): String(flag)
    case .integer(let number): String(number)
    default: scalar.string
    }
  }

  /// The value of a plain word.
  static func resolve(_ text: String) -> JSONValue {
    if let word = words[text] { return word }
    guard let first = text.utf8.first, "+-.0123456789".utf8.contains(first) else { return .string(text) }
    let digits = text.replacing("_", with: "")
    if first != UInt8(ascii: "."), let number = integer(digits) { return .integer(number) }
    guard digits.wholeMatch(of: /[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?/) != nil,
      let number = Double(digits)
    else { return .string(text) }
    return Int64(exactly: number).map(JSONValue.integer) ?? .number(number)
  }

  /// Go's `strconv.ParseInt` with base 0: `0x`, `0o`, `0b`, and a leading zero for octal.
  private static func integer(_ text: String) -> Int64? {
    let isNegative = text.hasPrefix("-")
    let digits = isNegative || text.hasPrefix("+") ? String(text.dropFirst()) : text
    guard let first = digits.utf8.first, first != UInt8(ascii: "-"), first != UInt8(ascii: "+") else { return nil }
    let sign = isNegative ? "-" : ""
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where digits.lowercased().hasPrefix(prefix) {
      let rest = digits.dropFirst(2)
      return rest.first.map { $0 == "-" || $0 == "+" } ?? true ? nil : Int64(sign + rest, radix: radix)
    }
    if digits.count > 1, first == UInt8(ascii: "0") { return Int64(sign + digits.dropFirst(), radix: 8) }
    return Int64(sign + digits)
  }

  private static let words: [String: JSONValue] = {
    var words: [String: JSONValue] = ["": .null, ".nan": .number(.nan), ".NaN": .number(.nan), ".NAN": .number(.nan)]
    for word in ["~", "null", "Null", "NULL"] { words[word] = .null }
    for word in ["y", "yes", "true", "on"] { spellings(word) { words[$0] = .bool(true) } }
    for word in ["n", "no", "false", "off"] { spellings(word) { words[$0] = .bool(false) } }
    for word in [".inf", ".Inf", ".INF"] {
      words[word] = .number(.infinity)
      words["+" + word] = .number(.infinity)
      words["-" + word] = .number(-.infinity)
    }
    return words
  }()

  /// `yes`, `Yes` and `YES`.
  private static func spellings(_ word: String, _ use: (String) -> Void) {
    for spelling in [word, word.capitalized, word.uppercased()] { use(spelling) }
  }
}
