import JSONText

/// Strategic merge patch for the built-in kinds: lists whose items have a key are merged item by item.
///
/// Directives: <https://github.com/kubernetes/community/blob/main/contributors/devel/sig-api-machinery/strategic-merge-patch.md>
enum StrategicMergePatch {
  /// Merge keys by field name; the field names of the core kinds are unambiguous enough for this.
  private static let mergeKeys: [String: String] = [
    "containers": "name", "initContainers": "name", "ephemeralContainers": "name", "env": "name", "volumes": "name",
    "volumeMounts": "mountPath", "volumeDevices": "devicePath", "imagePullSecrets": "name", "secrets": "name",
    "hostAliases": "ip", "conditions": "type", "addresses": "type", "ownerReferences": "uid", "podIPs": "ip",
    "hostIPs": "ip", "topologySpreadConstraints": "topologyKey",
  ]

  static func apply(_ patch: JSONValue, to target: JSONValue, field: String = "") -> JSONValue {
    switch patch {
    case .object(let changes): return merge(changes, into: target)
    case .array(let items): return merge(items, into: target.arrayValue ?? [], field: field)
    default: return patch
    }
  }

  private static func merge(_ changes: [String: JSONValue], into target: JSONValue) -> JSONValue {
    if case .string("replace")? = changes["$patch"] { return .object(changes.filter { $0.key != "$patch" }) }
    if case .string("delete")? = changes["$patch"] { return [:] }
    var fields = target.objectValue ?? [:]
    if case .array(let retained)? = changes["$retainKeys"] {
      let names = Set(retained.compactMap(\.stringValue))
      fields = fields.filter { names.contains($0.key) }
    }
    for (name, change) in changes where !name.hasPrefix("$") {
      fields[name] = change == .null ? .none : .some(apply(change, to: fields[name] ?? .null, field: name))
    }
    deletePrimitives(changes, from: &fields)
    for (name, order) in changes where name.hasPrefix(orderPrefix) {
      let field = String(name.dropFirst(orderPrefix.count))
      guard let items = fields[field]?.arrayValue else { continue }
      fields[field] = .array(
        ordered(items, by: order.arrayValue ?? [], before: target[field]?.arrayValue ?? [], field: field))
    }
    return .object(fields)
  }

  private static let orderPrefix = "$setElementOrder/"

  /// Brings a merged list into the order that the patch asks for. Items that only the server knows stay before those
  /// that came after them.
  private static func ordered(
    _ items: [JSONValue], by order: [JSONValue], before: [JSONValue], field: String
  ) -> [JSONValue] {
    let key = mergeKey(field, items)
    func identity(_ item: JSONValue) -> JSONValue { key.flatMap { item[$0] } ?? item }
    let wanted = order.map(identity)
    let earlier = before.map(identity)
    var named = wanted.compactMap { one in items.first { identity($0) == one } }[...]
    var others = items.filter { !wanted.contains(identity($0)) }[...]
    var result: [JSONValue] = []
    while let next = named.first {
      if let other = others.first, let left = earlier.firstIndex(of: identity(other)),
        let right = earlier.firstIndex(of: identity(next)), left < right
      {
        result.append(other)
        others.removeFirst()
      } else {
        result.append(next)
        named.removeFirst()
      }
    }
    return result + others
  }

  private static func deletePrimitives(_ changes: [String: JSONValue], from fields: inout [String: JSONValue]) {
    let prefix = "$deleteFromPrimitiveList/"
    for (name, values) in changes where name.hasPrefix(prefix) {
      let field = String(name.dropFirst(prefix.count))
      fields[field] = .array((fields[field]?.arrayValue ?? []).filter { !(values.arrayValue ?? []).contains($0) })
    }
  }

  private static func merge(_ changes: [JSONValue], into items: [JSONValue], field: String) -> JSONValue {
    if field == "finalizers" { return .array(items + changes.filter { !items.contains($0) }) }
    guard let key = mergeKey(field, changes), !changes.contains(["$patch": "replace"]) else {
      return .array(changes.filter { $0["$patch"] == nil })
    }
    var merged = items
    for change in changes {
      let index = merged.firstIndex { $0[key] == change[key] }
      if change["$patch"] == "delete" {
        if let index { merged.remove(at: index) }
      } else if let index {
        merged[index] = apply(change, to: merged[index])
      } else {
        merged.append(change)
      }
    }
    return .array(merged)
  }

  /// The field that identifies the items of a list; `nil` for a list that is replaced as a whole.
  static func mergeKey(_ field: String, _ items: [JSONValue]) -> String? {
    field == "ports" ? portKey(items) : mergeKeys[field]
  }

  /// Ports of a container are keyed by `containerPort`, those of a Service by `port`.
  private static func portKey(_ changes: [JSONValue]) -> String {
    changes.contains { $0["containerPort"] != nil } ? "containerPort" : "port"
  }
}
