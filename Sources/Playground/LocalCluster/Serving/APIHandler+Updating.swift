import Foundation
import JSONText
import KubernetesAPI
import KubernetesSchema

extension APIHandler {
  func update(_ request: APIRequest, _ path: ResourcePath, _ name: String) throws(StatusError) -> APIResponse {
    let object = try BodyReader.object(request, path)
    if object.objectName.isEmpty {
      throw .badRequest("the name of the object (\(name) based on URL) was undeterminable: name must be provided")
    }
    guard object.objectName == name else {
      throw .badRequest(
        "the name of the object (\(object.objectName)) does not match the name on the URL (\(name))")
    }
    let (status, stored, warnings) = try write { (state) throws(StatusError) in
      let key = ObjectStore.key(path.namespace, name)
      if let old = state.store.object(path.kind.resource, key) {
        if object.objectVersion == 0, path.kind.isCustom { throw Self.versionMissing(path.kind, name) }
        let (stored, warnings) = try replace(old, with: object, request, path, &state) {
          Self.strictError(path.kind, $0)
        }
        return (200, stored, warnings)
      }
      guard path.kind.mayBeCreatedByUpdate, path.subresource == nil, object.objectVersion == 0 else {
        throw .notFound(path.kind.resource, name)
      }
      let (stored, warnings) = try create(object, request, path, &state)
      return (201, stored, warnings)
    }
    return respond(status, stored, request, path.kind, warnings: warnings)
  }

  /// The real server names the resource, not the kind, in this message.
  private static func versionMissing(_ kind: ServedKind, _ name: String) -> StatusError {
    .invalid(
      group: kind.group, kind: kind.plural, name: name,
      [
        FieldError(
          reason: .invalid, field: "metadata.resourceVersion",
          message: "Invalid value: 0: must be specified for an update")
      ])
  }

  /// Stores the next state of an object: the part that the path may change, with generation, ownership and finalizers.
  ///
  /// - Parameter strictError: the error for unknown fields, whose words differ between update and patch.
  func replace(
    _ old: JSONValue, with submitted: JSONValue, _ request: APIRequest, _ path: ResourcePath,
    _ state: inout ClusterStorage.State, record: Bool = true, strictError: (String) -> StatusError
  ) throws(StatusError) -> (JSONValue, [String]) {
    let kind = path.kind
    try checkPreconditions(old, submitted, kind)
    var object = submitted
    let rules = ObjectRules(kind: kind, request: request)
    let warnings: [String]
    do { warnings = try rules.normalize(&object) } catch { throw strictError(error.list) }
    restrict(&object, old, path)
    keepMetadata(&object, old, kind)
    rules.fillDefaults(&object, old: old)
    try rules.check(object, old: old)
    if record {
      FieldOwnership.recordUpdate(
        &object, old: old, base: FieldOwnership.base(submitted, old: old, subresource: path.subresource), kind: kind,
        manager: request.fieldManager, subresource: path.subresource, now: timestamp)
    }
    guard object.withoutBookkeeping != old.withoutBookkeeping else { return (old, warnings) }
    if kind.countsGenerations, Self.desired(object, kind) != Self.desired(old, kind) {
      object["metadata", "generation"] = .integer((old["metadata", "generation"]?.integerValue ?? 0) + 1)
    }
    if request.isDryRun { return (object, warnings) }
    let key = ObjectStore.key(path.namespace, old.objectName)
    if object.isTerminating, !isHeld(object, kind.resource, state), kind.resource != Self.namespaces {
      // The last state is never stored: it goes with the answer, under the version that the object had.
      finishRemoval(object, kind.resource, key, &state)
      return (object, warnings)
    }
    return (state.put(kind.resource, key, object), warnings)
  }

  private func checkPreconditions(_ old: JSONValue, _ object: JSONValue, _ kind: ServedKind) throws(StatusError) {
    if object.objectVersion != 0, object.objectVersion != old.objectVersion {
      throw .modified(kind.resource, old.objectName)
    }
    if !object.objectUID.isEmpty, object.objectUID != old.objectUID {
      throw .conflict(
        kind.resource, old.objectName,
        "Precondition failed: UID in precondition: \(object.objectUID), UID in object meta: \(old.objectUID)")
    }
  }

  /// A write to the status changes nothing but the status, and a write to the object leaves the status alone.
  private func restrict(_ object: inout JSONValue, _ old: JSONValue, _ path: ResourcePath) {
    if path.subresource == "status" {
      let status = object["status"]
      let managed = object["metadata", "managedFields"]
      object = old
      object["status"] = status
      if managed != nil { object["metadata", "managedFields"] = managed }
    } else if path.subresource == nil, path.kind.hasStatus {
      object["status"] = old["status"]
    }
  }

  private func keepMetadata(_ object: inout JSONValue, _ old: JSONValue, _ kind: ServedKind) {
    for field in [
      "name", "namespace", "uid", "creationTimestamp", "generation", "resourceVersion", "deletionTimestamp",
      "deletionGracePeriodSeconds",
    ] { object["metadata", field] = old["metadata", field] }
    object["apiVersion"] = old["apiVersion"]
    object["kind"] = old["kind"]
    for field in ["labels", "annotations"] where object["metadata", field] == [:] {
      object["metadata", field] = old["metadata", field] == [:] ? .some([:]) : .none
    }
    if object["metadata", "finalizers"] == [] { object["metadata", "finalizers"] = nil }
    if kind.resource == Self.namespaces, object["spec"] == nil { object["spec"] = old["spec"] }
  }

  /// What a user asks for: everything but metadata, and but the status where it is written apart.
  private static func desired(_ object: JSONValue, _ kind: ServedKind) -> [String: JSONValue] {
    var fields = object.objectValue ?? [:]
    for name in ["metadata", "apiVersion", "kind"] { fields[name] = nil }
    if kind.hasStatus { fields["status"] = nil }
    return fields
  }
}

extension ServedKind {
  /// Whether a PUT of an object that there is not makes it, as the real server has it for some of its kinds.
  var mayBeCreatedByUpdate: Bool {
    switch (group, plural) {
    case ("", "services"), ("", "events"), ("coordination.k8s.io", "leases"): true
    default: false
    }
  }
}

extension JSONValue {
  /// The object without what a write that changes nothing would still touch: its version, and the times of writes.
  var withoutBookkeeping: JSONValue {
    var object = self
    let owners = (self["metadata", "managedFields"]?.arrayValue ?? []).map { entry in
      var entry = entry
      entry["time"] = nil
      return entry
    }
    object["metadata", "managedFields"] = owners.isEmpty ? .none : .some(.array(owners))
    object["metadata", "resourceVersion"] = nil
    object["apiVersion"] = nil
    return object
  }
}
