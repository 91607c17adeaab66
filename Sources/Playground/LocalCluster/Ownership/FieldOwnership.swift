import JSONText
import KubernetesAPI
import KubernetesSchema

/// Keeps `metadata.managedFields`: who wrote which field last.
enum FieldOwnership {
  /// One entry of `managedFields`.
  struct Entry {
    var manager: String
    var operation: String
    var apiVersion: String
    var subresource: String?
    /// `nil` for an entry whose manager changed nothing but the ownership.
    var time: String?
    var fields: Set<FieldPath>

    init(manager: String, operation: String, apiVersion: String, subresource: String?, time: String?) {
      self.manager = manager
      self.operation = operation
      self.apiVersion = apiVersion
      self.subresource = subresource
      self.time = time
      self.fields = []
    }

    /// An entry as it is stored; `nil` for one that no server wrote.
    init?(_ value: JSONValue) {
      guard let operation = value["operation"]?.stringValue, ["Apply", "Update"].contains(operation) else { return nil }
      self.operation = operation
      manager = value["manager"]?.stringValue ?? ""
      apiVersion = value["apiVersion"]?.stringValue ?? ""
      subresource = value["subresource"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
      time = value["time"]?.stringValue
      fields = FieldPaths.decode(value["fieldsV1"] ?? [:])
    }

    var value: JSONValue {
      var value: JSONValue = [
        "manager": .string(manager), "operation": .string(operation), "apiVersion": .string(apiVersion),
        "fieldsType": "FieldsV1", "fieldsV1": FieldPaths.encode(fields),
      ]
      value["time"] = time.map(JSONValue.string)
      value["subresource"] = subresource.map(JSONValue.string)
      return value
    }

    /// Whether this is the entry of a writer: those who apply have one entry whatever version they write in.
    func isOf(_ manager: String, _ operation: String, _ subresource: String?, _ apiVersion: String) -> Bool {
      self.manager == manager && self.operation == operation && self.subresource == subresource
        && (operation == "Apply" || self.apiVersion == apiVersion)
    }
  }

  static func entries(_ object: JSONValue?) -> [Entry] {
    (object?["metadata", "managedFields"]?.arrayValue ?? []).compactMap(Entry.init)
  }

  /// The entries that a write starts from. Whoever writes the object may write them too; `[]` and `[{}]` forget all.
  static func base(_ submitted: JSONValue, old: JSONValue, subresource: String?) -> [Entry] {
    guard subresource == nil, let given = submitted["metadata", "managedFields"]?.arrayValue else {
      return entries(old)
    }
    if given.isEmpty || given == [[:]] { return [] }
    let entries = given.compactMap(Entry.init)
    return entries.isEmpty ? Self.entries(old) : entries
  }

  static func store(_ entries: [Entry], in object: inout JSONValue) {
    let kept = entries.filter { !$0.fields.isEmpty }.sorted { left, right in
      if left.operation != right.operation { return left.operation == "Apply" }
      return (left.time ?? "", left.manager, left.apiVersion, left.subresource ?? "")
        < (right.time ?? "", right.manager, right.apiVersion, right.subresource ?? "")
    }
    object["metadata", "managedFields"] = kept.isEmpty ? .none : .some(.array(kept.map(\.value)))
  }

  /// Records a create, update or patch: what it changed becomes the writer's, what it removed is nobody's.
  ///
  /// - Parameter base: the entries before the write; an existing object that has none is not followed.
  static func recordUpdate(
    _ object: inout JSONValue, old: JSONValue?, base: [Entry] = [], kind: ServedKind, manager: String,
    subresource: String?, now: String
  ) {
    guard old == nil || !base.isEmpty else { return store([], in: &object) }
    var difference = kind.fieldTypes.compare(old ?? [:], object)
    // What the server itself fills in at creation belongs to nobody.
    if old == nil, !kind.isCustom || kind.hasStatus {
      difference.added = difference.added.filter { $0.first != "f:status" }
    }
    if old == nil, kind.resource == APIHandler.namespaces {
      difference.added = difference.added.filter { $0.first != "f:spec" }
    }
    let entries = take(difference, from: base, manager, kind, subresource, now)
    store(entries, in: &object)
  }

  private static func take(
    _ difference: FieldComparison, from base: [Entry], _ manager: String, _ kind: ServedKind, _ subresource: String?,
    _ now: String
  ) -> [Entry] {
    let changed = difference.added.union(difference.modified)
    var entries = base
    for index in entries.indices { entries[index].fields.subtract(difference.removed.union(changed)) }
    guard !changed.isEmpty else { return entries }
    let mine = entries.firstIndex { $0.isOf(manager, "Update", subresource, kind.apiVersion) }
    if mine == nil {
      entries.append(
        Entry(manager: manager, operation: "Update", apiVersion: kind.apiVersion, subresource: subresource, time: now))
    }
    let place = mine ?? entries.count - 1
    entries[place].fields.formUnion(changed)
    entries[place].time = now
    return entries
  }
}
