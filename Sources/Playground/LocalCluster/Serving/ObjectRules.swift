import JSONText
import KubernetesAPI
import KubernetesSchema

/// What the server checks and fills in before it stores an object.
struct ObjectRules: Sendable {
  let kind: ServedKind
  /// `Ignore`, `Warn` (the default) or `Strict`: what becomes of unknown fields.
  let fieldValidation: String

  init(kind: ServedKind, request: APIRequest) {
    self.kind = kind
    // The sample of a real server shows that custom resources without the parameter get the warning too.
    self.fieldValidation = request.query["fieldValidation"] ?? "Warn"
  }

  /// Drops unknown fields.
  ///
  /// - Returns: warnings for the client.
  /// - Throws: with strict validation, the paths of unknown fields.
  func normalize(_ object: inout JSONValue) throws(UnknownFields) -> [String] {
    var paths: [String] = []
    if let schema = kind.schema {
      paths = schema.prune(&object)
    } else {
      var members = object.objectValue ?? [:]
      SchemaNode.pruneMetadata(&members, unknown: &paths)
      object = .object(members)
    }
    // The server looks at the metadata first.
    let metadata = paths.filter { $0.hasPrefix("metadata.") }.sorted()
    let unknown = (metadata + paths.filter { !$0.hasPrefix("metadata.") }.sorted()).map { "unknown field \"\($0)\"" }
    if fieldValidation == "Strict", !unknown.isEmpty { throw UnknownFields(texts: unknown) }
    return fieldValidation == "Ignore" ? [] : unknown
  }

  /// Fills in defaults: after the status was dropped or put back, so that a new object's status has its own.
  func fillDefaults(_ object: inout JSONValue, old: JSONValue?) {
    kind.schema?.applyDefaults(&object)
    BuiltInDefaults.fill(&object, kind: kind, old: old)
  }

  /// Fields that the schema does not know, as the message lists them.
  struct UnknownFields: Error {
    var texts: [String]
    var list: String { texts.joined(separator: ", ") }
  }

  /// Refuses an object that breaks the rules of its kind.
  func check(_ object: JSONValue, old: JSONValue?) throws(StatusError) {
    var causes = nameErrors(object)
    if let schema = kind.schema { causes += schema.validate(object, old: old) }
    causes += labelErrors(object)
    if old == nil { causes += BuiltInRules.errors(object, kind: kind).filter { !causes.contains($0) } }
    if let old { causes += BuiltInRules.changeErrors(object, old: old, kind: kind) }
    // A spec that was stored before it would have been refused keeps nobody from labels, status or finalizers.
    if kind.resource == KindRegistry.definitions, causes.isEmpty, object["spec"] != old?["spec"] {
      causes += Self.definitionErrors(object)
    }
    if !causes.isEmpty {
      throw .invalid(group: kind.group, kind: kind.kind, name: object.objectName, causes)
    }
  }

  private static func definitionErrors(_ object: JSONValue) -> [FieldError] {
    do {
      _ = try CustomResourceDefinition(object)
      return []
    } catch {
      return error.errors
    }
  }

  private func nameErrors(_ object: JSONValue) -> [FieldError] {
    let name = object.objectName
    if name.isEmpty {
      return [
        FieldError(
          reason: .required, field: "metadata.name", message: "Required value: name or generateName is required")
      ]
    }
    if ["namespaces", "services"].contains(kind.plural), kind.group.isEmpty {
      return NameFormat.isLabel(name) ? [] : [.invalid("metadata.name", "\"\(name)\"", NameFormat.labelRule)]
    }
    if kind.group == "rbac.authorization.k8s.io" {
      // Anything that can be part of a path.
      let isRight = name != "." && name != ".." && !name.contains { $0 == "/" || $0 == "%" }
      return isRight ? [] : [.invalid("metadata.name", "\"\(name)\"", "may not be '.' or '..', nor contain '/' or '%'")]
    }
    return NameFormat.isSubdomain(name) ? [] : [.invalid("metadata.name", "\"\(name)\"", NameFormat.subdomainRule)]
  }

  private func labelErrors(_ object: JSONValue) -> [FieldError] {
    var errors: [FieldError] = []
    for field in ["labels", "annotations"] {
      for (key, value) in object["metadata", field]?.objectValue ?? [:] where value.stringValue == nil {
        errors.append(
          FieldError(
            reason: .typeInvalid, field: "metadata.\(field)[\(key)]",
            message: "Invalid value: \(JSONWriter.text(of: value)): must be a string; put quotes around it"))
      }
    }
    return errors
  }
}
