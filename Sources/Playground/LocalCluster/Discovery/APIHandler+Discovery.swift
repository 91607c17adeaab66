import JSONText
import KubernetesSchema

extension APIHandler {
  func discovery(_ request: APIRequest, _ steps: [String]) -> APIResponse? {
    guard request.method == "GET" else { return .failure(.methodNotAllowed()) }
    let kinds = storage.read { $0.kinds }
    let aggregated =
      request.accept.contains("as=APIGroupDiscoveryList") && request.accept.contains("v=v2;")
      || request.accept.contains("as=APIGroupDiscoveryList;v=v2,")
    switch (steps[0], steps.count) {
    case ("api", 1) where aggregated: return aggregatedResponse(Discovery.aggregated(kinds, core: true))
    case ("apis", 1) where aggregated: return aggregatedResponse(Discovery.aggregated(kinds, core: false))
    case ("api", 1): return .json(200, Discovery.coreVersions(address: address()))
    case ("apis", 1): return .json(200, Discovery.groupList(kinds))
    case ("api", 2): return resourceList(kinds, group: "", version: steps[1])
    case ("apis", 2):
      guard let group = kinds.groups.first(where: { $0.name == steps[1] }) else { return nil }
      return .json(200, Discovery.group(group.name, group.versions, standalone: true))
    default: return resourceList(kinds, group: steps[1], version: steps[2])
    }
  }

  private func resourceList(_ kinds: KindRegistry, group: String, version: String) -> APIResponse? {
    let served = kinds.kinds(group: group, version: version)
    return served.isEmpty ? nil : .json(200, Discovery.resourceList(group: group, version: version, served))
  }

  private func aggregatedResponse(_ document: JSONValue) -> APIResponse {
    let bytes = JSONWriter.bytes(of: document)
    return APIResponse(
      status: 200,
      headers: [
        ("Cache-Control", "public"), ("Content-Type", Discovery.aggregatedType),
        ("Etag", "\"\(Fingerprint.of(bytes))\""), ("Vary", "Accept"),
      ], body: .bytes(bytes))
  }

  /// OpenAPI v3: an index of group versions, and one document each. The v2 document is there and says nothing, so that
  /// clients go by v3, or by the types that they were compiled with.
  func openAPI(_ request: APIRequest, _ steps: [String]) -> APIResponse? {
    guard request.method == "GET" else { return .failure(.methodNotAllowed()) }
    if steps == ["openapi", "v2"] { return OpenAPIVersion2.response(accept: request.accept) }
    guard steps.count >= 2, steps[1] == "v3" else { return nil }
    let kinds = storage.read { $0.kinds }
    if steps.count == 2 { return .json(200, openAPIIndex(kinds)) }
    let core = steps.count == 4 && steps[2] == "api"
    guard core || steps.count == 5 && steps[2] == "apis" else { return nil }
    let group = core ? "" : steps[3]
    let version = steps[steps.count - 1]
    let served = kinds.kinds(group: group, version: version)
    guard !served.isEmpty else { return nil }
    let document = JSONWriter.bytes(of: OpenAPIDocument.document(group: group, version: version, kinds: served))
    return APIResponse(
      status: 200,
      headers: [
        ("Cache-Control", "no-cache, private"), ("Content-Type", "application/json"),
        ("Etag", "\"\(Fingerprint.of(document))\""), ("Vary", "Accept"),
      ], body: .bytes(document))
  }

  private func openAPIIndex(_ kinds: KindRegistry) -> JSONValue {
    var paths: [String: JSONValue] = [:]
    for group in kinds.groups {
      for version in group.versions {
        let served = kinds.kinds(group: group.name, version: version)
        let path = group.name.isEmpty ? "api/\(version)" : "apis/\(group.name)/\(version)"
        // kubectl caches the document by this hash, so the hash follows the schemas.
        let content = served.map { $0.kind + JSONWriter.text(of: $0.schema?.source ?? .null) }.joined()
        paths[path] = ["serverRelativeURL": .string("/openapi/v3/\(path)?hash=\(Fingerprint.of(content))")]
      }
    }
    return ["paths": .object(paths)]
  }

  /// Whoever has the token may do everything: a cluster for one person on one machine.
  func accessReview(_ request: APIRequest, _ plural: String) throws(StatusError) -> APIResponse? {
    guard plural == "selfsubjectaccessreviews" else { return nil }
    var review = try BodyReader.value(request, kind: "SelfSubjectAccessReview")
    review["apiVersion"] = "authorization.k8s.io/v1"
    review["kind"] = "SelfSubjectAccessReview"
    if review["metadata"] == nil { review["metadata"] = [:] }
    var entry = FieldOwnership.Entry(
      manager: request.fieldManager, operation: "Update", apiVersion: "authorization.k8s.io/v1", subresource: nil,
      time: timestamp)
    entry.fields = FieldTypes(root: nil, isBuiltIn: true).compare([:], review).added
    FieldOwnership.store([entry], in: &review)
    review["status"] = ["allowed": true]
    return .json(201, review)
  }
}
