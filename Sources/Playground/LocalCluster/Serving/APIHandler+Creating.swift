import Foundation
import JSONText
import KubernetesAPI
import KubernetesSchema

extension APIHandler {
  static let namespaces = ResourceName(group: "", plural: "namespaces")

  func create(_ request: APIRequest, _ path: ResourcePath) throws(StatusError) -> APIResponse {
    let object = try BodyReader.object(request, path)
    let (stored, warnings) = try write { (state) throws(StatusError) in
      try create(object, request, path, &state)
    }
    return respond(201, stored, request, path.kind, warnings: warnings)
  }

  /// Stores a new object.
  func create(
    _ submitted: JSONValue, _ request: APIRequest, _ path: ResourcePath, _ state: inout ClusterStorage.State,
    applied: ServerSideApply? = nil
  ) throws(StatusError) -> (JSONValue, [String]) {
    let kind = path.kind
    var object = submitted
    guard object.objectVersion == 0 else {
      // The real server gives this error no reason.
      throw StatusError(
        code: 500, reason: nil, message: "resourceVersion should not be set on objects to be created", details: nil)
    }
    try checkDefinition(kind, state)
    try checkNamespace(path, object.objectName, state)
    try giveName(&object, kind, state)
    let rules = ObjectRules(kind: kind, request: request)
    let warnings: [String]
    do { warnings = try rules.normalize(&object) } catch { throw Self.strictError(kind, error.list) }
    if kind.hasStatus, kind.isCustom || kind.resource == KindRegistry.definitions { object["status"] = nil }
    giveMetadata(&object, kind)
    BuiltInDefaults.begin(&object, kind: kind, now: timestamp)
    rules.fillDefaults(&object, old: nil)
    try rules.check(object, old: nil)
    let key = ObjectStore.key(path.namespace, object.objectName)
    guard state.store.object(kind.resource, key) == nil else { throw .alreadyExists(kind.resource, object.objectName) }
    if let applied {
      // What the manager declared is its own; what the server filled in is nobody's.
      object["metadata", "managedFields"] = try applied.apply(submitted, to: [:])["metadata", "managedFields"]
    } else {
      FieldOwnership.recordUpdate(
        &object, old: nil, kind: kind, manager: request.fieldManager, subresource: nil, now: timestamp)
    }
    if request.isDryRun { return (object, warnings) }
    return (state.put(kind.resource, key, object), warnings)
  }

  /// A kind whose definition is going away takes no new objects.
  private func checkDefinition(_ kind: ServedKind, _ state: ClusterStorage.State) throws(StatusError) {
    let definition = state.store.object(KindRegistry.definitions, kind.resource.description)
    guard kind.isCustom, definition?.isTerminating == true else { return }
    throw StatusError(
      code: 405, reason: "MethodNotAllowed",
      message: "create not allowed while custom resource definition is terminating",
      details: ["group": .string(kind.group), "kind": .string(kind.plural)])
  }

  private func checkNamespace(
    _ path: ResourcePath, _ name: String, _ state: ClusterStorage.State
  ) throws(StatusError) {
    guard path.kind.namespaced else { return }
    guard !path.namespace.isEmpty else {
      throw .badRequest("an empty namespace may not be set during creation")
    }
    guard let namespace = state.store.object(Self.namespaces, path.namespace) else {
      throw .notFound(Self.namespaces, path.namespace)
    }
    if namespace.isTerminating {
      throw .forbidden(
        path.kind.resource, name,
        "unable to create new content in namespace \(path.namespace) because it is being terminated")
    }
  }

  private func giveName(_ object: inout JSONValue, _ kind: ServedKind, _ state: ClusterStorage.State)
    throws(StatusError)
  {
    guard object.objectName.isEmpty, let prefix = object["metadata", "generateName"]?.stringValue, !prefix.isEmpty
    else {
      return
    }
    // The alphabet of the real server: no vowels, no digits that look like letters.
    let alphabet = Array("bcdfghjklmnpqrstvwxz2456789")
    for _ in 0..<8 {
      let name = String(prefix.prefix(58)) + String((0..<5).map { _ in alphabet[Int.random(in: 0..<alphabet.count)] })
      guard state.store.object(kind.resource, ObjectStore.key(object.objectNamespace, name)) == nil else { continue }
      object["metadata", "name"] = .string(name)
      return
    }
    throw .alreadyExists(kind.resource, prefix)
  }

  private func giveMetadata(_ object: inout JSONValue, _ kind: ServedKind) {
    for field in ["resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "managedFields"] {
      object["metadata", field] = nil
    }
    object["metadata", "uid"] = .string(Self.uid())
    object["metadata", "creationTimestamp"] = .string(timestamp)
    object["metadata", "generation"] = kind.countsGenerations ? .some(1) : .none
  }
}

extension ServedKind {
  /// Whether `metadata.generation` follows the spec: custom resources always, and the core kinds that have it.
  var countsGenerations: Bool {
    isCustom || resource == KindRegistry.definitions || (group.isEmpty && plural == "pods")
      || (group == "discovery.k8s.io")
  }
}
