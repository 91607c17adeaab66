import JSONText
import KubernetesAPI
import KubernetesSchema

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
  func apply(_ declaration: JSONValue, to live: JSONValue) throws(StatusError) -> JSONValue {
    let types = kind.fieldTypes
    let declared = restricted(declaration)
    let wanted = types.declared(by: declared)
    var entries = entries(of: live)
    let place = entries.firstIndex { $0.isOf(manager, "Apply", subresource, kind.apiVersion) }
    let previous = place.map { entries.remove(at: $0) }

    var result = types.merge(declared, into: live)
    // What only this manager held and no longer declares goes away, with everything inside it.
    let held = FieldPaths.closure(entries.reduce(into: wanted) { $0.formUnion($1.fields) })
    types.remove(FieldPaths.closure(previous?.fields ?? []).subtracting(held), from: &result)

    let difference = types.compare(live, result)
    let contested = difference.added.union(difference.modified)
    if !force { try checkConflicts(entries, contested, live) }
    for index in entries.indices { entries[index].fields.subtract(contested.union(difference.removed)) }
    var entry = FieldOwnership.Entry(
      manager: manager, operation: "Apply", apiVersion: kind.apiVersion, subresource: subresource,
      time: types.owned(result) == types.owned(live) ? previous?.time : now)
    entry.fields = wanted
    FieldOwnership.store(entries + [entry], in: &result)
    keepLastApplied(declaration, in: &result)
    return result
  }

  /// The part of a declaration that the path may write: the status on its own path, all else on the object's.
  private func restricted(_ declaration: JSONValue) -> JSONValue {
    var declared = declaration
    if subresource == "status" {
      let status = declared["status"]
      declared = .object((declared.objectValue ?? [:]).filter { $0.key == "apiVersion" || $0.key == "kind" })
      declared["status"] = status
    } else if kind.hasStatus {
      declared["status"] = nil
    }
    return declared
  }

  /// The entries of the object; fields that were written before anybody was recorded have an owner of their own.
  private func entries(of live: JSONValue) -> [FieldOwnership.Entry] {
    let known = FieldOwnership.entries(live)
    guard known.isEmpty, !live.objectUID.isEmpty else { return known }
    var earlier = FieldOwnership.Entry(
      manager: "before-first-apply", operation: "Update", apiVersion: kind.apiVersion, subresource: nil, time: now)
    earlier.fields = kind.fieldTypes.compare([:], live).added
    return [earlier]
  }

  private static let lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

  /// `kubectl apply` goes by this annotation, so kubectl's own server-side apply keeps it true.
  private func keepLastApplied(_ declaration: JSONValue, in object: inout JSONValue) {
    guard manager == "kubectl", object["metadata", "annotations", Self.lastApplied]?.stringValue?.isEmpty == false
    else {
      return
    }
    var applied = declaration
    applied["metadata", "annotations", Self.lastApplied] = nil
    object["metadata", "annotations", Self.lastApplied] = .string(JSONWriter.text(of: applied) + "\n")
  }

  private func checkConflicts(
    _ entries: [FieldOwnership.Entry], _ contested: Set<FieldPath>, _ live: JSONValue
  ) throws(StatusError) {
    var conflicts = entries.map { ($0, $0.fields.intersection(contested)) }.filter { !$0.1.isEmpty }
    // What client-side apply last wrote is kubectl's own.
    if manager == "kubectl", let text = live["metadata", "annotations", Self.lastApplied]?.stringValue {
      let own = lastAppliedFields(text, live)
      conflicts = conflicts.map { ($0, $1.subtracting(own)) }.filter { !$0.1.isEmpty }
    }
    if !conflicts.isEmpty { throw ApplyConflict(conflicts: conflicts).error }
  }

  private func lastAppliedFields(_ text: String, _ live: JSONValue) -> Set<FieldPath> {
    let types = kind.fieldTypes
    do {
      let applied = try JSONReader.parse(Array(text.utf8))
      // What was changed since is no longer what kubectl applied.
      let since = types.compare(applied, live)
      return types.declared(by: applied).subtracting(since.modified).subtracting(since.removed)
    } catch {
      return []
    }
  }
}

/// The words of a refused apply.
struct ApplyConflict {
  let conflicts: [(entry: FieldOwnership.Entry, fields: Set<FieldPath>)]

  var error: StatusError {
    var causes: [JSONValue] = []
    var parts: [String] = []
    for (entry, paths) in conflicts.sorted(by: { $0.entry.manager < $1.entry.manager }) {
      let who = Self.name(entry)
      let fields = paths.map(FieldPaths.describe).sorted()
      for field in fields {
        causes.append([
          "reason": "FieldManagerConflict", "message": .string("conflict with \(who)"), "field": .string(field),
        ])
      }
      parts.append("conflicts with \(who):\n" + fields.map { "- \($0)" }.joined(separator: "\n"))
    }
    let text =
      causes.count == 1
      ? "Apply failed with 1 conflict: \(causes[0]["message"]?.stringValue ?? ""): \(causes[0]["field"]?.stringValue ?? "")"
      : "Apply failed with \(causes.count) conflicts: " + parts.joined(separator: "\n")
    return StatusError(code: 409, reason: "Conflict", message: text, details: ["causes": .array(causes)])
  }

  private static func name(_ entry: FieldOwnership.Entry) -> String {
    "\"\(entry.manager)\"" + (entry.subresource.map { " with subresource \"\($0)\"" } ?? "")
      + (entry.operation == "Apply" ? "" : " using \(entry.apiVersion)")
  }
}
