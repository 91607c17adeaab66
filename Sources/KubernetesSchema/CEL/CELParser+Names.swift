import Foundation

extension CELParser {
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
