import JSONText
import KubernetesSchema

extension FieldTypes {
  /// The live object with what a declaration says.
  func merge(_ declared: JSONValue, into live: JSONValue) -> JSONValue {
    merge(declared, into: live, root, depth: 0)
  }

  private func merge(_ declared: JSONValue, into live: JSONValue?, _ node: SchemaNode?, depth: Int) -> JSONValue {
    guard let live, !Self.isLeaf(live, node) || declared == .null else { return declared }
    switch (declared, live) {
    case (.object(let wanted), .object(var fields)):
      for (name, value) in wanted {
        fields[name] = merge(value, into: fields[name], child(name, of: node, depth: depth), depth: depth + 1)
      }
      return .object(fields)
    case (.array(let wanted), .array(let items)):
      guard let shape = ListShape(node) else { return declared }
      return .array(merge(wanted, into: items, shape, node?.items, depth: depth + 1))
    // Declaring null for a map or list declares nothing inside it.
    case (.null, .object) where node?.isAtomicMap != true: return live
    case (.null, .array) where ListShape(node) != nil: return live
    default: return declared
    }
  }

  /// Items of the declaration come in its order; items that only the object has keep their place among them.
  private func merge(
    _ wanted: [JSONValue], into items: [JSONValue], _ shape: ListShape, _ node: SchemaNode?, depth: Int
  ) -> [JSONValue] {
    let wantedSteps = wanted.map(shape.element)
    let liveSteps = items.map(shape.element)
    let present = Dictionary(zip(liveSteps, items), uniquingKeysWith: { first, _ in first })
    let declared = Set(wantedSteps)
    var result: [JSONValue] = []
    var next = 0
    for (step, item) in zip(liveSteps, items) {
      guard declared.contains(step) else {
        result.append(item)
        continue
      }
      // A shared item out of turn comes later; all that is declared before this one goes before it.
      let shared = wantedSteps[next...].firstIndex { present[$0] != nil }
      guard let place = shared, wantedSteps[place] == step else { continue }
      for index in next...place {
        result.append(merge(wanted[index], into: present[wantedSteps[index]], node, depth: depth))
      }
      next = place + 1
    }
    for index in next..<wanted.count {
      result.append(merge(wanted[index], into: present[wantedSteps[index]], node, depth: depth))
    }
    return result
  }

  /// Takes fields out of an object, each with all that is inside it; the keys of an item that stays are kept.
  func remove(_ paths: Set<FieldPath>, from object: inout JSONValue) {
    // From the top, so that an item goes as a whole before its fields are looked for.
    for path in paths.sorted(by: { $0.count < $1.count }) { remove(path[...], from: &object, root, depth: 0) }
  }

  private func remove(_ path: ArraySlice<String>, from value: inout JSONValue, _ node: SchemaNode?, depth: Int) {
    guard let step = path.first, !Self.isLeaf(value, node) else { return }
    switch value {
    case .object(var fields):
      let name = String(step.dropFirst(2))
      if path.count == 1 {
        fields[name] = nil
      } else if var inner = fields[name] {
        remove(path.dropFirst(), from: &inner, child(name, of: node, depth: depth), depth: depth + 1)
        fields[name] = inner
      }
      value = .object(fields)
    case .array(var items):
      guard let shape = ListShape(node), let index = items.firstIndex(where: { shape.element($0) == step }) else {
        return
      }
      if path.count == 1 {
        items.remove(at: index)
      } else if path.count != 2 || !node.isKey(path.last ?? "") {
        remove(path.dropFirst(), from: &items[index], node?.items, depth: depth + 1)
      }
      value = .array(items)
    default: return
    }
  }
}

extension SchemaNode? {
  fileprivate func isKey(_ step: String) -> Bool {
    self?.listMapKeys.contains(String(step.dropFirst(2))) ?? false
  }
}
