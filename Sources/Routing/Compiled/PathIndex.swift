/// The rules for one host name, by path.
final class PathIndex: Sendable {
  private let exact: ByteTable<RuleGroup>
  private let prefixes: ByteTable<RuleGroup>
  /// Rules with an expression, each of which has to be tried.
  private let expressions: RuleGroup?
  /// Rules that take every path.
  private let root: RuleGroup?

  init(_ rules: [CompiledRule]) {
    var (exact, prefixes): ([String: [CompiledRule]], [String: [CompiledRule]]) = ([:], [:])
    var expressions: [CompiledRule] = []
    for rule in rules {
      switch rule.rule.match.path {
      case .exact(let path): exact[path, default: []].append(rule)
      case .prefix(let path): prefixes[path.last == "/" ? String(path.dropLast()) : path, default: []].append(rule)
      case .regularExpression: expressions.append(rule)
      }
    }
    self.exact = ByteTable(exact.map { ($0.key, RuleGroup($0.value)) })
    root = prefixes.removeValue(forKey: "").map { RuleGroup($0) }
    self.prefixes = ByteTable(prefixes.map { ($0.key, RuleGroup($0.value)) })
    self.expressions = expressions.isEmpty ? nil : RuleGroup(expressions, checksPath: true)
  }

  /// Calls `body` with each group whose path the request may have, the most specific first.
  func forEach(_ path: UnsafeRawBufferPointer, _ body: (RuleGroup) -> Void) {
    if let group = exact.find(path) { body(group) }
    for length in prefixes.lengths where length <= path.count {
      guard length == path.count || path[length] == UInt8(ascii: "/") else { continue }
      if let group = prefixes.find(UnsafeRawBufferPointer(rebasing: path[..<length])) { body(group) }
    }
    if let expressions { body(expressions) }
    if let root { body(root) }
  }
}
