import JSONText
import KubernetesSchema

/// Judges an applied body as the merge library of the real server does before anything else looks at it: what it cannot
/// place in the schema cannot be merged.
struct TypedCheck {
  private let types: FieldTypes
  private(set) var errors: [String] = []

  init(_ declared: JSONValue, _ types: FieldTypes) {
    self.types = types
    var object = declared.objectValue ?? [:]
    object["apiVersion"] = nil
    object["kind"] = nil
    check(.object(object), "", types.root, depth: 0)
  }

  /// The part of a message after the object's name.
  var text: String {
    errors.count == 1
      ? errors[0] : "errors:\n" + errors.map { "  " + $0 }.joined(separator: "\n")
  }

  private mutating func add(_ path: String, _ message: String) {
    errors.append(path.isEmpty ? message : "\(path): \(message)")
  }

  private mutating func check(_ value: JSONValue, _ path: String, _ node: SchemaNode?, depth: Int) {
    guard value != .null, let node else { return }
    switch node.isIntOrString ? "scalar" : node.type {
    case "object": checkObject(value, path, node, depth)
    case "array": checkArray(value, path, node, depth)
    case "string":
      if value.stringValue == nil {
        add(path, "expected string, got &value.valueUnstructured{Value:\(value.goSyntax)}")
      }
    case "boolean": if value.boolValue == nil { add(path, "expected boolean, got &{\(value.goText)}") }
    case "integer", "number":
      if value.doubleValue == nil { add(path, "expected numeric (int or float), got \(value.goType)") }
    case "scalar":
      if value.objectValue != nil || value.arrayValue != nil {
        add(path, "expected any scalar, got &{\(value.goText)}")
      }
    default: break
    }
  }

  private mutating func checkObject(_ value: JSONValue, _ path: String, _ node: SchemaNode, _ depth: Int) {
    guard let fields = value.objectValue else { return add(path, "expected map, got &{\(value.goText)}") }
    for name in fields.keys.sorted() {
      let place = "\(path).\(name)"
      let isKnown = node.properties[name] != nil || depth == 0 && SchemaNode.serverFields.contains(name)
      if !isKnown, node.additionalProperties == nil, !node.preservesUnknownFields, !node.isEmbeddedResource {
        add(place, "field not declared in schema")
      } else {
        check(fields[name] ?? .null, place, types.child(name, of: node, depth: depth), depth: depth + 1)
      }
    }
  }

  private mutating func checkArray(_ value: JSONValue, _ path: String, _ node: SchemaNode, _ depth: Int) {
    guard let items = value.arrayValue else { return add(path, "expected list, got &{\(value.goText)}") }
    let shape = ListShape(node)
    var seen: Set<String> = []
    for (index, item) in items.enumerated() {
      var place = "\(path)[\(index)]"
      if let shape {
        if let problem = shape.problem(item) { return add(path, "element \(index): \(problem)") }
        let step = shape.element(item)
        place = path + FieldPaths.describe(step: step)
        if !seen.insert(step).inserted {
          add(path, "duplicate entries for key \(FieldPaths.describe(step: step))")
        }
      }
      check(item, place, node.items, depth: depth + 1)
    }
  }
}

extension ListShape {
  /// Why an item cannot be told from others.
  fileprivate func problem(_ item: JSONValue) -> String? {
    switch self {
    case .set:
      if item == .null { return "associative list without keys has an element that's an explicit null" }
      if item.objectValue != nil { return "associative list without keys has an element that's a map type" }
      return item.arrayValue == nil ? nil : "not supported: associative list with lists as elements"
    case .keyed(let keys):
      if item == .null { return "associative list with keys may not have a null element" }
      guard let fields = item.objectValue else { return "associative list with keys may not have non-map elements" }
      if keys.contains(where: { fields[$0.name] != nil || $0.fallback != nil }) { return nil }
      let names = keys.map { JSONWriter.quoted($0.name) }.joined(separator: " ")
      return "associative list with keys has an element that omits all key fields [\(names)] "
        + "(and doesn't have default values for any key fields)"
    }
  }
}

/// Values in the notations of Go, which the messages of the real server carry.
extension JSONValue {
  fileprivate var goType: String {
    switch self {
    case .null: "nil"
    case .bool: "bool"
    case .integer: "int64"
    case .number: "float64"
    case .string: "string"
    case .array: "[]interface {}"
    case .object: "map[string]interface {}"
    }
  }

  /// As `%v` writes it.
  fileprivate var goText: String {
    switch self {
    case .null: "<nil>"
    case .string(let text): text
    case .array(let items): "[" + items.map(\.goText).joined(separator: " ") + "]"
    case .object(let fields):
      "map[" + fields.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value.goText)" }.joined(separator: " ") + "]"
    default: display
    }
  }

  /// As `%#v` writes it.
  fileprivate var goSyntax: String {
    switch self {
    case .null: "interface {}(nil)"
    case .array(let items): "[]interface {}{" + items.map(\.goSyntax).joined(separator: ", ") + "}"
    case .object(let fields):
      "map[string]interface {}{"
        + fields.sorted { $0.key < $1.key }.map { "\(JSONWriter.quoted($0.key)):\($0.value.goSyntax)" }.joined(
          separator: ", ")
        + "}"
    default: display
    }
  }
}
