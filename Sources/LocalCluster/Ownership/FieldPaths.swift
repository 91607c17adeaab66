import KubernetesAPI

/// One field in the notation of FieldsV1: `["f:spec", "f:containers", "k:{\"name\":\"a\"}", "f:image"]`.
typealias FieldPath = [String]

/// The fields of an object, each with its value, and their FieldsV1 form.
///
/// Source: <https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management>
enum FieldPaths {
  /// Fields that no manager owns: identity, and what the server itself keeps.
  private static let unowned: Set<String> = [
    "name", "namespace", "uid", "resourceVersion", "creationTimestamp", "generation", "managedFields", "selfLink",
    "deletionTimestamp", "deletionGracePeriodSeconds",
  ]

  /// Every field of an object that can be owned; a map counts as a field of its own, with an empty value.
  static func flatten(_ object: JSONValue, schema: SchemaNode?, builtIn: Bool = false) -> [FieldPath: JSONValue] {
    let all = flattenAll(object, schema: schema, builtIn: builtIn)
    // In Go's types of the built-in kinds a struct is no field of its own, and an empty text is an absent one.
    guard builtIn else { return all }
    return all.filter { path, value in
      if value == .null || value == .string("") { return false }
      return !(path.count == 1 && structs.contains(path[0]) && value == .object([:]))
    }
  }

  private static let structs: Set = ["f:spec", "f:status", "f:source"]
  /// Maps of built-in kinds that are owned as a whole.
  private static let atomicMaps: Set = [
    "involvedObject", "selector", "nodeSelector", "regarding", "related", "targetRef", "nodeInfo",
  ]

  private static func flattenAll(_ object: JSONValue, schema: SchemaNode?, builtIn: Bool) -> [FieldPath: JSONValue] {
    var result: [FieldPath: JSONValue] = [:]
    for (name, value) in object.fieldMap where name != "apiVersion" && name != "kind" {
      if name == "metadata" {
        for (field, value) in value.fieldMap where !unowned.contains(field) {
          walk(value, name: field, ["f:metadata", "f:" + field], nil, builtIn, &result)
        }
      } else {
        walk(value, name: name, ["f:" + name], schema?.properties[name], builtIn, &result)
      }
    }
    return result
  }

  private static func walk(
    _ value: JSONValue, name: String, _ path: FieldPath, _ schema: SchemaNode?, _ builtIn: Bool,
    _ result: inout [FieldPath: JSONValue]
  ) {
    switch value {
    case .object where builtIn && atomicMaps.contains(name): result[path] = value
    case .object(let fields):
      result[path] = .object([:])
      for (name, value) in fields {
        let child = schema?.properties[name] ?? schema?.additionalProperties
        walk(value, name: name, path + ["f:" + name], child, builtIn, &result)
      }
    case .array(let items):
      guard let keys = ListShape.of(name: name, schema: schema, items: items) else {
        result[path] = value
        return
      }
      result[path] = .array([])
      for item in items {
        walk(item, name: "", path + [keys.element(item)], schema?.items, builtIn, &result)
      }
    default: result[path] = value
    }
  }

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
      let fields = value.fieldMap
      if fields.isEmpty || fields["."] != nil, !path.isEmpty { result.insert(path) }
      for (name, child) in fields where name != "." { visit(child, path + [name]) }
    }
    visit(value, [])
    return result
  }

  /// A field as messages write it: `.spec.containers[name="a"].image`.
  static func describe(_ path: FieldPath) -> String {
    path.map { step in
      let text = step.dropFirst(2)
      if step.hasPrefix("f:") { return ".\(text)" }
      if step.hasPrefix("v:") { return "[=\(text)]" }
      return
        "[\(text.dropFirst().dropLast().replacing("\":", with: "=").replacing("\"", with: "", maxReplacements: 1))]"
    }.joined()
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

/// How a list is merged: by keys of its items, or as a set of values. Other lists are one field as a whole.
enum ListShape {
  case keyed([String])
  case set

  /// The shape of a list, from its schema, or for the core kinds from its name.
  static func of(name: String, schema: SchemaNode?, items: [JSONValue]) -> ListShape? {
    if let schema {
      switch schema.listType {
      case "map": return schema.listMapKeys.isEmpty ? nil : .keyed(schema.listMapKeys)
      case "set": return .set
      default: return nil
      }
    }
    if name == "finalizers" { return .set }
    guard items.allSatisfy(\.isObjectValue), let key = StrategicMergePatch.mergeKey(name, items) else { return nil }
    return items.allSatisfy { $0[key] != nil } ? .keyed([key]) : nil
  }

  /// The path step of an item.
  func element(_ item: JSONValue) -> String {
    switch self {
    case .set: return "v:" + JSONWriter.text(of: item)
    case .keyed(let keys):
      var identity: [String: JSONValue] = [:]
      for key in keys { identity[key] = item[key] }
      return "k:" + JSONWriter.text(of: .object(identity))
    }
  }
}
