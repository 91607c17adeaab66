import KubernetesAPI

/// Server-side apply: merges what a manager declares into the object, and refuses to take fields of others silently.
///
/// Source: <https://kubernetes.io/docs/reference/using-api/server-side-apply/>
struct ServerSideApply {
  let kind: ServedKind
  let manager: String
  let subresource: String?
  let force: Bool
  let now: String

  /// The object that results from applying a declaration.
  ///
  /// - Throws: `StatusError` (409) listing the fields that other managers hold with other values.
  func apply(_ declared: JSONValue, to live: JSONValue) throws(StatusError) -> JSONValue {
    let schema = kind.schema?.root
    let wanted = FieldPaths.flatten(declared, schema: schema, builtIn: !kind.isCustom)
    let present = FieldPaths.flatten(live, schema: schema, builtIn: !kind.isCustom)
    var entries = FieldOwnership.entries(live)
    let mine = entries.firstIndex { $0.isOf(manager, "Apply", subresource) }
    let contested = Set(wanted.filter { present[$0.key] != nil && present[$0.key] != $0.value }.keys)
    let conflicts = entries.indices.filter { $0 != mine }.map {
      (entries[$0], entries[$0].fields.intersection(contested))
    }
    .filter { !$0.1.isEmpty }
    if !conflicts.isEmpty, !force { throw Self.conflict(conflicts) }
    for index in entries.indices where index != mine { entries[index].fields.subtract(contested) }

    var result = Self.merge(declared, into: live, name: "", schema: schema)
    let previous = mine.map { entries[$0].fields } ?? []
    let others = entries.indices.filter { $0 != mine }.reduce(into: Set<FieldPath>()) {
      $0.formUnion(entries[$1].fields)
    }
    // Fields recorded under a schema that named list items otherwise are no fields of the object any more.
    let dropped = previous.subtracting(wanted.keys).subtracting(others).intersection(present.keys)
    for path in dropped.sorted(by: { $0.count > $1.count }) {
      // A map or list stays while anybody still owns something inside it.
      let holds = others.contains { $0.starts(with: path) } || wanted.keys.contains { $0.starts(with: path) }
      if !holds { Self.remove(path[...], from: &result) }
    }
    if let mine {
      if entries[mine].fields != Set(wanted.keys) { entries[mine].time = now }
      entries[mine].fields = Set(wanted.keys)
      entries[mine].apiVersion = kind.apiVersion
    } else {
      var entry = FieldOwnership.Entry(
        manager: manager, operation: "Apply", apiVersion: kind.apiVersion, subresource: subresource, time: now)
      entry.fields = Set(wanted.keys)
      entries.append(entry)
    }
    FieldOwnership.store(entries, in: &result)
    return result
  }

  private static func conflict(_ conflicts: [(FieldOwnership.Entry, Set<FieldPath>)]) -> StatusError {
    var causes: [JSONValue] = []
    var parts: [String] = []
    for (entry, paths) in conflicts {
      let who =
        "\"\(entry.manager)\"" + (entry.subresource.map { " with subresource \"\($0)\"" } ?? "")
        + (entry.operation == "Apply" ? "" : " using \(entry.apiVersion)")
      let fields = paths.map(FieldPaths.describe).sorted()
      for field in fields {
        causes.append([
          "reason": "FieldManagerConflict", "message": .string("conflict with \(who)"), "field": .string(field),
        ])
      }
      parts.append(
        fields.count == 1
          ? "conflict with \(who): \(fields[0])"
          : "conflicts with \(who):\n" + fields.map { "- \($0)" }.joined(separator: "\n"))
    }
    let count = causes.count
    return StatusError(
      code: 409, reason: "Conflict",
      message: "Apply failed with \(count) conflict\(count == 1 ? "" : "s"): " + parts.joined(separator: "\n"),
      details: ["causes": .array(causes)])
  }

  private static func merge(_ declared: JSONValue, into live: JSONValue, name: String, schema: SchemaNode?) -> JSONValue
  {
    switch (declared, live) {
    case (.object(let wanted), .object(var fields)):
      for (name, value) in wanted {
        let child = schema?.properties[name] ?? schema?.additionalProperties
        fields[name] = fields[name].map { merge(value, into: $0, name: name, schema: child) } ?? value
      }
      return .object(fields)
    case (.array(let wanted), .array(var items)):
      guard let shape = ListShape.of(name: name, schema: schema, items: wanted + items) else { return declared }
      for item in wanted {
        let element = shape.element(item)
        if let index = items.firstIndex(where: { shape.element($0) == element }) {
          items[index] = merge(item, into: items[index], name: "", schema: schema?.items)
        } else {
          items.append(item)
        }
      }
      return .array(items)
    default: return declared
    }
  }

  private static func remove(_ path: ArraySlice<String>, from value: inout JSONValue) {
    guard let step = path.first else { return }
    switch value {
    case .object(var fields):
      let name = String(step.dropFirst(2))
      if path.count == 1 {
        fields[name] = nil
      } else if var child = fields[name] {
        remove(path.dropFirst(), from: &child)
        fields[name] = child
      }
      value = .object(fields)
    case .array(var items):
      guard let index = items.firstIndex(where: { matches($0, step) }) else { return }
      if path.count == 1 { items.remove(at: index) } else { remove(path.dropFirst(), from: &items[index]) }
      value = .array(items)
    default: return
    }
  }

  private static func matches(_ item: JSONValue, _ step: String) -> Bool {
    if step.hasPrefix("v:") { return step == ListShape.set.element(item) }
    guard step.hasPrefix("k:") else { return false }
    do {
      let identity = try JSONReader.parse(Array(step.utf8.dropFirst(2)))
      return identity.fieldMap.allSatisfy { item[$0.key] == $0.value }
    } catch {
      return false
    }
  }
}
