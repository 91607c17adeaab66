import KubernetesAPI

extension APIHandler {
  func serverSideApply(_ request: APIRequest, _ path: ResourcePath, _ name: String) throws(StatusError) -> APIResponse {
    guard let manager = request.query["fieldManager"], !manager.isEmpty else {
      throw .invalid(
        group: "meta.k8s.io", kind: "PatchOptions", name: "",
        [FieldError(reason: .required, field: "fieldManager", message: "Required value: is required for apply patch")])
    }
    let declared = try applyBody(request, path, name)
    let apply = ServerSideApply(
      kind: path.kind, manager: manager, subresource: path.subresource, force: request.flag("force"), now: timestamp)
    let (status, stored, warnings) = try storage.write { (state) throws(StatusError) in
      let key = ObjectStore.key(path.namespace, name)
      if let live = state.store.object(path.kind.resource, key) {
        var merged = try apply.apply(declared, to: live)
        if declared.objectVersion == 0 { merged.plant(nil, "metadata", "resourceVersion") }
        let (stored, warnings) = try replace(live, with: merged, request, path, &state, record: false) { list in
          Self.strictError(path.kind, list)
        }
        return (200, stored, warnings)
      }
      guard path.subresource == nil else { throw StatusError.notFound(path.kind.resource, name) }
      let (stored, warnings) = try create(declared, request, path, &state, applied: apply)
      return (201, stored, warnings)
    }
    return respond(status, stored, request, path.kind, warnings: warnings)
  }

  static func strictError(_ kind: ServedKind, _ list: String) -> StatusError {
    .badRequest(
      "\(kind.kind) in version \"\(kind.version)\" cannot be handled as a \(kind.kind): strict decoding error: \(list)")
  }

  private func applyBody(_ request: APIRequest, _ path: ResourcePath, _ name: String) throws(StatusError) -> JSONValue {
    var declared = try BodyReader.yaml(request.body)
    guard declared.digText("apiVersion") == path.kind.apiVersion, declared.digText("kind") == path.kind.kind else {
      throw .badRequest(
        "the body must name apiVersion \(path.kind.apiVersion) and kind \(path.kind.kind), not "
          + "\(declared.digText("apiVersion") ?? "none") and \(declared.digText("kind") ?? "none")")
    }
    try BodyReader.place(&declared, in: path)
    guard declared.dig("metadata", "managedFields") == nil else {
      throw .badRequest("metadata.managedFields must be nil")
    }
    let stated = declared.objectName
    guard stated.isEmpty || stated == name else {
      throw .badRequest("name in URL does not match name in patch object metadata.name (\(stated))")
    }
    declared.plant(.string(name), "metadata", "name")
    return declared
  }
}
