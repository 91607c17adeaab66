import Foundation
import JSONText
import KubernetesAPI
import KubernetesSchema

extension APIHandler {
  func patch(_ request: APIRequest, _ path: ResourcePath, _ name: String) throws(StatusError) -> APIResponse {
    let type = request.contentType.split(separator: ";").first.map { String($0).trimmed() } ?? ""
    if type == "application/apply-patch+yaml" { return try serverSideApply(request, path, name) }
    let patch = try patchBody(request, type, path.kind)
    let (stored, warnings) = try write { (state) throws(StatusError) in
      guard let old = state.store.object(path.kind.resource, ObjectStore.key(path.namespace, name)) else {
        throw .notFound(path.kind.resource, name)
      }
      var object = try Self.patched(old, patch, type)
      try Self.checkIdentity(object, old)
      try Self.checkKind(object, path.kind)
      // A patch that names no version applies to the newest state.
      if patch["metadata", "resourceVersion"] == nil, type != "application/json-patch+json" {
        object["metadata", "resourceVersion"] = nil
      }
      return try replace(old, with: object, request, path, &state) { list in
        Self.strictPatchError(object, list)
      }
    }
    return respond(200, stored, request, path.kind, warnings: warnings)
  }

  private func patchBody(_ request: APIRequest, _ type: String, _ kind: ServedKind) throws(StatusError) -> JSONValue {
    var accepted = ["application/json-patch+json", "application/merge-patch+json"]
    if !kind.isCustom { accepted.append("application/strategic-merge-patch+json") }
    guard accepted.contains(type) else {
      throw .unsupportedMediaType(accepted: accepted + ["application/apply-patch+yaml"])
    }
    do {
      return try JSONReader.parse(request.body)
    } catch {
      throw .badRequest("error decoding patch: \(error.goMessage)")
    }
  }

  private static func patched(_ old: JSONValue, _ patch: JSONValue, _ type: String) throws(StatusError) -> JSONValue {
    if type == "application/json-patch+json" {
      do {
        return try JSONPatch.apply(patch, to: old)
      } catch .malformed(let why) {
        throw .badRequest("error decoding patch: \(why)")
      } catch {
        throw StatusError(
          code: 422, reason: "Invalid", message: "the server rejected our request due to an error in our request",
          details: [:])
      }
    }
    guard patch.objectValue != nil else { throw .badRequest("error decoding patch: the patch must be a JSON object") }
    return type == "application/merge-patch+json"
      ? MergePatch.apply(patch, to: old) : StrategicMergePatch.apply(patch, to: old)
  }

  private static func checkIdentity(_ object: JSONValue, _ old: JSONValue) throws(StatusError) {
    guard object.objectValue != nil, object["metadata"]?.objectValue != nil else {
      throw .badRequest("the patched object has no metadata")
    }
    guard object.objectName == old.objectName else {
      throw .badRequest(
        "the name of the object (\(object.objectName)) does not match the name on the URL (\(old.objectName))")
    }
    guard object.objectNamespace == old.objectNamespace else {
      throw .badRequest("the namespace of the provided object does not match the namespace sent on the request")
    }
  }

  private static func checkKind(_ object: JSONValue, _ kind: ServedKind) throws(StatusError) {
    guard let name = object["kind"]?.stringValue, name != kind.kind, kind.isCustom else { return }
    throw .invalid(
      group: kind.group, kind: name, name: object.objectName,
      [.invalidValue("kind", JSONWriter.quoted(name), "must be \(kind.kind)")])
  }

  private static func strictPatchError(_ object: JSONValue, _ list: String) -> StatusError {
    let shown = JSONWriter.quoted(JSONWriter.text(of: object))
    return StatusError(
      code: 422, reason: "Invalid",
      message: " \"\" is invalid: patch: Invalid value: \(shown): strict decoding error: \(list)",
      details: [
        "causes": [
          [
            "reason": "FieldValueInvalid", "field": "patch",
            "message": .string("Invalid value: \(shown): strict decoding error: \(list)"),
          ]
        ]
      ])
  }
}
