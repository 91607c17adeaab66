import JSONText
import KubernetesSchema

/// What ownership and merging know of the fields of a kind.
struct FieldTypes: Sendable {
  /// `nil` where nothing is known: then lists are owned as a whole and maps field by field.
  let root: SchemaNode?
  /// Kinds that are Go types in the real server: a struct is no field of its own, and an empty text is an absent one.
  let isBuiltIn: Bool

  /// Fields that no manager owns: identity, and what the server itself keeps.
  private static let unowned: Set<String> = [
    "name", "namespace", "uid", "resourceVersion", "creationTimestamp", "generation", "managedFields", "selfLink",
    "deletionTimestamp", "deletionGracePeriodSeconds",
  ]
  private static let structs: Set = ["spec", "status", "source"]

  /// The object as ownership sees it.
  func owned(_ object: JSONValue) -> JSONValue {
    var fields = object.objectValue ?? [:]
    fields["apiVersion"] = nil
    fields["kind"] = nil
    if let metadata = fields["metadata"] {
      fields["metadata"] = .object((metadata.objectValue ?? [:]).filter { !Self.unowned.contains($0.key) })
    }
    return .object(fields)
  }

  /// The type of a field.
  func child(_ name: String, of node: SchemaNode?, depth: Int) -> SchemaNode? {
    if depth == 0, name == "metadata" { return ObjectMetadata.node }
    return node?.properties[name] ?? node?.additionalProperties
  }

  /// Whether a field is one of a struct, and not an entry of a map.
  func isDeclared(_ name: String, in node: SchemaNode?, depth: Int) -> Bool {
    if depth == 0 || node?.properties[name] != nil { return true }
    return isBuiltIn && node?.additionalProperties == nil
  }

  /// Whether a value counts as absent in a stored object.
  func isAbsent(_ value: JSONValue?) -> Bool {
    value == nil || isBuiltIn && (value == .null || value == .string(""))
  }

  /// Whether a container has no existence of its own.
  func isPlain(_ path: FieldPath) -> Bool {
    guard path.count == 1 else { return path.isEmpty }
    return path[0] == "f:metadata" || isBuiltIn && Self.structs.contains(String(path[0].dropFirst(2)))
  }
}

extension ServedKind {
  /// What ownership and merging know of this kind.
  var fieldTypes: FieldTypes { FieldTypes(root: mergeSchema ?? schema?.root, isBuiltIn: !isCustom) }
}

/// How a list is merged: by keys of its items, or as a set of values. Other lists are one field as a whole.
enum ListShape {
  case keyed([(name: String, fallback: JSONValue?)])
  case set

  init?(_ node: SchemaNode?) {
    switch node?.listType {
    case "map":
      guard let node, !node.listMapKeys.isEmpty else { return nil }
      self = .keyed(node.listMapKeys.map { ($0, node.items?.properties[$0]?.defaultValue) })
    case "set": self = .set
    default: return nil
    }
  }

  /// The path step of an item; a key that the item does not name has its default.
  func element(_ item: JSONValue) -> String {
    switch self {
    case .set: return "v:" + JSONWriter.text(of: item)
    case .keyed(let keys):
      var identity: [String: JSONValue] = [:]
      for key in keys { identity[key.name] = item[key.name] ?? key.fallback }
      return "k:" + JSONWriter.text(of: JSONValue.object(identity))
    }
  }
}
