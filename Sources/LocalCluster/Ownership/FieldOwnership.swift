import KubernetesAPI

/// Keeps `metadata.managedFields`: who wrote which field last.
enum FieldOwnership {
  /// One entry of `managedFields`.
  struct Entry {
    var manager: String
    var operation: String
    var apiVersion: String
    var subresource: String?
    var time: String
    var fields: Set<FieldPath>

    init(manager: String, operation: String, apiVersion: String, subresource: String?, time: String) {
      self.manager = manager
      self.operation = operation
      self.apiVersion = apiVersion
      self.subresource = subresource
      self.time = time
      self.fields = []
    }

    init(_ value: JSONValue) {
      manager = value.digText("manager") ?? ""
      operation = value.digText("operation") ?? ""
      apiVersion = value.digText("apiVersion") ?? ""
      subresource = value.digText("subresource")
      time = value.digText("time") ?? ""
      fields = FieldPaths.decode(value["fieldsV1"] ?? [:])
    }

    var value: JSONValue {
      var value: JSONValue = [
        "manager": .string(manager), "operation": .string(operation), "apiVersion": .string(apiVersion),
        "time": .string(time), "fieldsType": "FieldsV1", "fieldsV1": FieldPaths.encode(fields),
      ]
      if let subresource { value["subresource"] = .string(subresource) }
      return value
    }

    func isOf(_ manager: String, _ operation: String, _ subresource: String?) -> Bool {
      self.manager == manager && self.operation == operation && self.subresource == subresource
    }
  }

  static func entries(_ object: JSONValue?) -> [Entry] {
    (object?.dig("metadata", "managedFields")?.itemList ?? []).map(Entry.init)
  }

  static func store(_ entries: [Entry], in object: inout JSONValue) {
    let kept = entries.filter { !$0.fields.isEmpty }.sorted { left, right in
      if left.operation != right.operation { return left.operation == "Apply" }
      return (left.time, left.manager, left.subresource ?? "") < (right.time, right.manager, right.subresource ?? "")
    }
    object.plant(kept.isEmpty ? .none : .some(.array(kept.map(\.value))), "metadata", "managedFields")
  }

  /// Records a create, update or patch: what it changed becomes the writer's, what it removed is nobody's.
  static func recordUpdate(
    _ object: inout JSONValue, old: JSONValue?, kind: ServedKind, manager: String, subresource: String?, now: String
  ) {
    let before = old.map { FieldPaths.flatten($0, schema: kind.schema?.root, builtIn: !kind.isCustom) } ?? [:]
    var after = FieldPaths.flatten(object, schema: kind.schema?.root, builtIn: !kind.isCustom)
    // What the server itself fills in at creation belongs to nobody.
    if old == nil, !kind.isCustom { after = after.filter { $0.key.first != "f:status" } }
    if old == nil, kind.resource == APIHandler.namespaces { after = after.filter { $0.key.first != "f:spec" } }
    let changed = Set(after.filter { before[$0.key] != $0.value }.keys)
    let removed = Set(before.keys).subtracting(after.keys)
    var entries = self.entries(old)
    for index in entries.indices {
      entries[index].fields.subtract(removed)
      if !entries[index].isOf(manager, "Update", subresource) { entries[index].fields.subtract(changed) }
    }
    if !changed.isEmpty {
      let index = entries.firstIndex { $0.isOf(manager, "Update", subresource) && $0.apiVersion == kind.apiVersion }
      if index == nil {
        entries.append(
          Entry(manager: manager, operation: "Update", apiVersion: kind.apiVersion, subresource: subresource, time: now)
        )
      }
      let place = index ?? entries.count - 1
      entries[place].fields.formUnion(changed)
      entries[place].time = now
    }
    store(entries, in: &object)
  }
}
