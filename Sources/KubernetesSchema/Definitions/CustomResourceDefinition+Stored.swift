package import JSONText
import KubernetesAPI

/// Definitions that were stored before their defaults were checked.
extension CustomResourceDefinition {
  /// A definition without the defaults that are no values of their place in the schema.
  ///
  /// - Returns: the definition, and where the defaults stood.
  package static func withoutUnfitDefaults(_ definition: JSONValue) -> (JSONValue, dropped: [String]) {
    var dropped: [String] = []
    var versions = definition["spec", "versions"]?.arrayValue ?? []
    for index in versions.indices {
      guard var schema = versions[index]["schema", "openAPIV3Schema"] else { continue }
      dropDefaults(&schema, path: "spec.versions[\(index)].schema.openAPIV3Schema", &dropped)
      versions[index]["schema", "openAPIV3Schema"] = schema
    }
    var fitting = definition
    fitting["spec", "versions"] = .array(versions)
    return (fitting, dropped.sorted())
  }

  private static func dropDefaults(_ schema: inout JSONValue, path: String, _ dropped: inout [String]) {
    guard var members = schema.objectValue else { return }
    for name in ["items", "additionalProperties"] {
      if var child = members[name] {
        dropDefaults(&child, path: "\(path).\(name)", &dropped)
        members[name] = child
      }
    }
    var fields = members["properties"]?.objectValue ?? [:]
    for (name, var field) in fields {
      dropDefaults(&field, path: "\(path).properties[\(name)]", &dropped)
      fields[name] = field
    }
    if members["properties"] != nil { members["properties"] = .object(fields) }
    schema = .object(members)
    guard members["default"] != nil else { return }
    var problems: [FieldError] = []
    let node = SchemaNode(schema, path: path, problems: &problems)
    guard !node.defaultProblems(path: path).isEmpty else { return }
    members["default"] = nil
    schema = .object(members)
    dropped.append(path + ".default")
  }
}
