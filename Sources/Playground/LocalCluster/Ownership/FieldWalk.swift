import JSONText
import KubernetesSchema

extension FieldTypes {
  /// The fields that a declaration claims: every leaf, every item of a list, every entry of a map.
  func declared(by object: JSONValue) -> Set<FieldPath> {
    var result: Set<FieldPath> = []
    declare(owned(object), [], root, &result)
    return result
  }

  private func declare(_ value: JSONValue, _ path: FieldPath, _ node: SchemaNode?, _ result: inout Set<FieldPath>) {
    switch value {
    case .object(let fields) where node?.isAtomicMap != true:
      for (name, value) in fields {
        let place = path + ["f:" + name]
        declare(value, place, child(name, of: node, depth: path.count), &result)
        let isEmpty = value == .null || value == .object([:])
        if isEmpty && place != ["f:metadata"] || !isDeclared(name, in: node, depth: path.count) {
          result.insert(place)
        }
      }
    case .array(let items):
      guard let shape = ListShape(node) else {
        result.insert(path)
        return
      }
      for item in items {
        let place = path + [shape.element(item)]
        declare(item, place, node?.items, &result)
        result.insert(place)
      }
    default: if !path.isEmpty { result.insert(path) }
    }
  }

  /// What differs between two states of an object.
  func compare(_ old: JSONValue, _ new: JSONValue) -> FieldComparison {
    var result = FieldComparison()
    compare(owned(old), owned(new), [], root, &result)
    return result
  }

  private func compare(
    _ old: JSONValue?, _ new: JSONValue?, _ path: FieldPath, _ node: SchemaNode?, _ result: inout FieldComparison
  ) {
    let old = isAbsent(old) ? nil : old
    let new = isAbsent(new) ? nil : new
    guard old != new else { return }
    let isWhole = (old ?? new).map { Self.isLeaf($0, node) } ?? true
    let bothEmpty = Self.isEmpty(old) && Self.isEmpty(new)
    let sameType = old == nil || new == nil || old?.typeName == new?.typeName
    if !isWhole, !bothEmpty, sameType { descend(old, new, path, node, &result) }
    if isPlain(path) { return }
    if old == nil {
      result.added.insert(path)
    } else if new == nil {
      result.removed.insert(path)
    } else if isWhole || bothEmpty || !sameType {
      result.modified.insert(path)
    }
  }

  private func descend(
    _ old: JSONValue?, _ new: JSONValue?, _ path: FieldPath, _ node: SchemaNode?, _ result: inout FieldComparison
  ) {
    if let shape = ListShape(node) {
      func byStep(_ value: JSONValue?) -> [String: JSONValue] {
        Dictionary((value?.arrayValue ?? []).map { (shape.element($0), $0) }, uniquingKeysWith: { $1 })
      }
      let (before, after) = (byStep(old), byStep(new))
      for step in Set(before.keys).union(after.keys) {
        compare(before[step], after[step], path + [step], node?.items, &result)
      }
      return
    }
    let (before, after) = (old?.objectValue ?? [:], new?.objectValue ?? [:])
    for name in Set(before.keys).union(after.keys) {
      let type = child(name, of: node, depth: path.count)
      compare(before[name], after[name], path + ["f:" + name], type, &result)
    }
  }

  /// Whether a value is owned as a whole.
  static func isLeaf(_ value: JSONValue, _ node: SchemaNode?) -> Bool {
    switch value {
    case .object: node?.isAtomicMap == true
    case .array: ListShape(node) == nil
    default: true
    }
  }

  private static func isEmpty(_ value: JSONValue?) -> Bool {
    value == nil || value == .null || value == .object([:]) || value == .array([])
  }
}

/// The fields in which two states of an object differ.
struct FieldComparison {
  var added: Set<FieldPath> = []
  var modified: Set<FieldPath> = []
  var removed: Set<FieldPath> = []
}
