import JSONText
import KubernetesAPI

/// One field in the notation of FieldsV1: `["f:spec", "f:containers", "k:{\"name\":\"a\"}", "f:image"]`.
typealias FieldPath = [String]

/// The FieldsV1 form of fields, and how messages write them.
///
/// Source: <https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management>
enum FieldPaths {
  /// The FieldsV1 form of a set of fields.
  static func encode(_ paths: Set<FieldPath>) -> JSONValue {
    var root = Node()
    for path in paths { root.insert(path[...]) }
    return root.encoded
  }

  /// The fields of a FieldsV1 value.
  static func decode(_ value: JSONValue) -> Set<FieldPath> {
    var result: Set<FieldPath> = []
    func visit(_ value: JSONValue, _ path: FieldPath) {
      let fields = value.objectValue ?? [:]
      if fields.isEmpty || fields["."] != nil, !path.isEmpty { result.insert(path) }
      for (name, child) in fields where name != "." { visit(child, path + [name]) }
    }
    visit(value, [])
    return result
  }

  /// The fields with every named field that holds one of them: whoever owns `spec.ports[0]` holds on to `spec.ports`.
  static func closure(_ paths: Set<FieldPath>) -> Set<FieldPath> {
    var result = paths
    for path in paths {
      for length in stride(from: path.count - 1, to: 0, by: -1) where path[length - 1].hasPrefix("f:") {
        result.insert(Array(path[..<length]))
      }
    }
    return result
  }

  /// A field as messages write it: `.spec.containers[name="a"].image`.
  static func describe(_ path: FieldPath) -> String { path.map(describe(step:)).joined() }

  /// One step of a field as messages write it.
  static func describe(step: String) -> String {
    let text = String(step.dropFirst(2))
    if step.hasPrefix("f:") { return ".\(text)" }
    if step.hasPrefix("v:") { return "[=\(text)]" }
    guard let keys = identity(step) else { return "[\(text)]" }
    return "["
      + keys.sorted { $0.key < $1.key }.map { "\($0.key)=\(JSONWriter.text(of: $0.value))" }
      .joined(separator: ",") + "]"
  }

  /// The keys in a step that names an item; `nil` for any other step.
  static func identity(_ step: String) -> [String: JSONValue]? {
    guard step.hasPrefix("k:") else { return nil }
    do { return try JSONReader.parse(Array(step.utf8.dropFirst(2))).objectValue } catch { return nil }
  }

  private struct Node {
    var children: [String: Node] = [:]
    var isMember = false

    mutating func insert(_ path: ArraySlice<String>) {
      guard let step = path.first else {
        isMember = true
        return
      }
      children[step, default: Node()].insert(path.dropFirst())
    }

    var encoded: JSONValue {
      var fields = children.mapValues(\.encoded)
      if isMember, !children.isEmpty { fields["."] = [:] }
      return .object(fields)
    }
  }
}
