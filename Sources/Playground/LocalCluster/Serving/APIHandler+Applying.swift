import JSONText
import KubernetesAPI
import KubernetesSchema

extension APIHandler {
  func serverSideApply(_ request: APIRequest, _ path: ResourcePath, _ name: String) throws(StatusError) -> APIResponse {
    guard let manager = request.query["fieldManager"], !manager.isEmpty else {
      throw .invalid(
        group: "meta.k8s.io", kind: "PatchOptions", name: "",
        [FieldError(reason: .required, field: "fieldManager", message: "Required value: is required for apply patch")])
    }
    let declaration = try applyBody(request, path)
    var declared = declaration
    try BodyReader.place(&declared, in: path)
    declared["metadata", "name"] = .string(name)
    let apply = ServerSideApply(
      kind: path.kind, manager: manager, subresource: path.subresource, force: request.flag("force"), now: timestamp)
    let (status, stored, warnings) = try write { (state) throws(StatusError) in
      let key = ObjectStore.key(path.namespace, name)
      let live = state.store.object(path.kind.resource, key)
      if live == nil, path.subresource != nil { throw .notFound(path.kind.resource, name) }
      try Self.checkName(declaration, name)
      if let live {
        var merged = try apply.apply(declaration, to: live)
        merged["metadata", "resourceVersion"] = declared["metadata", "resourceVersion"]
        let (stored, warnings) = try replace(live, with: merged, request, path, &state, record: false) { list in
          Self.strictError(path.kind, list)
        }
        return (200, stored, warnings)
      }
      let (stored, warnings) = try create(declared, request, path, &state, applied: apply)
      return (201, stored, warnings)
    }
    return respond(status, stored, request, path.kind, warnings: warnings)
  }

  static func strictError(_ kind: ServedKind, _ list: String) -> StatusError {
    .badRequest(
      "\(kind.kind) in version \"\(kind.version)\" cannot be handled as a \(kind.kind): strict decoding error: \(list)")
  }

  /// The real server gives this error no reason.
  private static func untyped(_ declared: JSONValue, _ kind: ServedKind, _ why: String) -> StatusError {
    StatusError(
      code: 500, reason: nil,
      message: "failed to create typed patch object (\(declared.objectNamespace)/\(declared.objectName); "
        + "\(kind.group)/\(kind.version), Kind=\(kind.kind)): \(why)",
      details: nil)
  }

  private func applyBody(_ request: APIRequest, _ path: ResourcePath) throws(StatusError) -> JSONValue {
    let declared = try BodyReader.yaml(request.body)
    guard declared["apiVersion"]?.stringValue == path.kind.apiVersion, declared["kind"]?.stringValue == path.kind.kind
    else {
      throw .badRequest(
        "the body must name apiVersion \(path.kind.apiVersion) and kind \(path.kind.kind), not "
          + "\(declared["apiVersion"]?.stringValue ?? "none") and \(declared["kind"]?.stringValue ?? "none")")
    }
    let check = TypedCheck(declared, path.kind.fieldTypes)
    if !check.errors.isEmpty { throw Self.untyped(declared, path.kind, check.text) }
    guard declared["metadata", "managedFields"] == nil else {
      throw .badRequest("metadata.managedFields must be nil")
    }
    return declared
  }

  private static func checkName(_ declared: JSONValue, _ name: String) throws(StatusError) {
    let stated = declared.objectName
    guard stated.isEmpty || stated == name else {
      throw .badRequest("name in URL does not match name in patch object metadata.name (\(stated))")
    }
  }
}
