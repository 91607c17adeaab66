package import JSONText
import KubernetesAPI

/// Reads a definition field by field and collects what is wrong.
package struct CustomResourceDefinitionReader {
  package let object: JSONValue
  package private(set) var problems: [FieldError] = []

  package init(object: JSONValue) {
    self.object = object
  }

  /// A required text.
  package mutating func text(_ path: String...) -> String {
    var value: JSONValue? = object
    for name in path { value = value?.objectValue?[name] }
    guard let text = value?.stringValue, !text.isEmpty else {
      problems.append(.required(path.joined(separator: ".")))
      return ""
    }
    return text
  }

  package mutating func names() -> CustomResourceDefinition.Names {
    let kind = text("spec", "names", "kind")
    let names = object["spec", "names"]
    return CustomResourceDefinition.Names(
      kind: kind, listKind: names?["listKind"]?.stringValue ?? kind + "List",
      plural: text("spec", "names", "plural"), singular: names?["singular"]?.stringValue ?? kind.lowercased(),
      shortNames: names?["shortNames"]?.stringValues ?? [], categories: names?["categories"]?.stringValues ?? [])
  }

  package mutating func isNamespaced() -> Bool {
    let scope = text("spec", "scope")
    if !scope.isEmpty, scope != "Namespaced", scope != "Cluster" {
      problems.append(
        FieldError(
          reason: .notSupported, field: "spec.scope",
          message: "Unsupported value: \(JSONWriter.quoted(scope)): supported values: \"Cluster\", \"Namespaced\""))
    }
    return scope == "Namespaced"
  }

  package mutating func checkName(plural: String, group: String) {
    guard !plural.isEmpty, !group.isEmpty else { return }
    let name = object["metadata", "name"]?.stringValue ?? ""
    if name != "\(plural).\(group)" {
      problems.append(
        .invalid("metadata.name", JSONWriter.quoted(name), "must be spec.names.plural+\".\"+spec.group"))
    }
    let approval = object["metadata", "annotations", "api-approved.kubernetes.io"]?.stringValue
    if Self.isProtected(group), approval == nil {
      problems.append(
        FieldError(
          reason: .required, field: "metadata.annotations[api-approved.kubernetes.io]",
          message: "Required value: protected groups must have approval annotation \"api-approved.kubernetes.io\", "
            + "see https://github.com/kubernetes/enhancements/pull/1111"))
    }
  }

  /// Groups that belong to the Kubernetes project and need its approval.
  private static func isProtected(_ group: String) -> Bool {
    group == "k8s.io" || group.hasSuffix(".k8s.io") || group == "kubernetes.io" || group.hasSuffix(".kubernetes.io")
  }

  package mutating func versions() -> [CustomResourceDefinition.Version] {
    guard let list = object["spec", "versions"]?.arrayValue, !list.isEmpty else {
      problems.append(.required("spec.versions"))
      return []
    }
    var versions: [CustomResourceDefinition.Version] = []
    for (index, entry) in list.enumerated() {
      if let version = version(entry, path: "spec.versions[\(index)]") { versions.append(version) }
    }
    let stored = list.count { $0["storage"]?.boolValue == true }
    if stored != 1 {
      let shown = list.map { $0["name"]?.display ?? "null" }.joined(separator: ",")
      problems.append(
        .invalid("spec.versions", "[\(shown)]", "must have exactly one version marked as storage version"))
    }
    return versions
  }

  private mutating func version(_ entry: JSONValue, path: String) -> CustomResourceDefinition.Version? {
    guard let name = entry["name"]?.stringValue, !name.isEmpty else {
      problems.append(.required(path + ".name"))
      return nil
    }
    let columns = printerColumns(entry["additionalPrinterColumns"], path: path)
    guard let schema = entry["schema", "openAPIV3Schema"] else {
      problems.append(
        FieldError(
          reason: .required, field: path + ".schema.openAPIV3Schema", message: "Required value: schemas are required"))
      return nil
    }
    do {
      return CustomResourceDefinition.Version(
        name: name, served: entry["served"]?.boolValue ?? false, storage: entry["storage"]?.boolValue ?? false,
        deprecationWarning: deprecationWarning(entry, version: name),
        schema: try StructuralSchema(schema, path: path + ".schema.openAPIV3Schema"),
        hasStatus: entry["subresources", "status"] != nil, printerColumns: columns,
        selectableFields: Set(
          (entry["selectableFields"]?.arrayValue ?? []).compactMap {
            $0["jsonPath"]?.stringValue.map { String($0.drop { $0 == "." }) }
          }))
    } catch {
      problems += error.errors
      return nil
    }
  }

  private func deprecationWarning(_ entry: JSONValue, version: String) -> String? {
    guard entry["deprecated"]?.boolValue == true else { return nil }
    let group = object["spec", "group"]?.stringValue ?? ""
    let kind = object["spec", "names", "kind"]?.stringValue ?? ""
    if let warning = entry["deprecationWarning"]?.stringValue { return warning }
    let others = (object["spec", "versions"]?.arrayValue ?? []).filter {
      $0["served"]?.boolValue == true && $0["deprecated"]?.boolValue != true
    }
    let newest = KubernetesVersion.ordered(others.compactMap { $0["name"]?.stringValue }).first
    return "\(group)/\(version) \(kind) is deprecated" + (newest.map { "; use \(group)/\($0) \(kind)" } ?? "")
  }

  private mutating func printerColumns(_ columns: JSONValue?, path: String) -> [PrinterColumn] {
    guard let columns = columns?.arrayValue, !columns.isEmpty else { return [.objectName, .age] }
    return [.objectName]
      + columns.enumerated().compactMap { index, column in
        printerColumn(column, path: "\(path).additionalPrinterColumns[\(index)]")
      }
  }

  private mutating func printerColumn(_ column: JSONValue, path: String) -> PrinterColumn? {
    for name in ["name", "type", "jsonPath"] where column[name]?.stringValue == nil {
      problems.append(.required("\(path).\(name)"))
    }
    guard let name = column["name"]?.stringValue, let type = column["type"]?.stringValue,
      let source = column["jsonPath"]?.stringValue
    else { return nil }
    do {
      return PrinterColumn(
        name: name, type: type, format: column["format"]?.stringValue ?? "",
        description: column["description"]?.stringValue ?? "",
        priority: Int(column["priority"]?.integerValue ?? 0), source: .path(try JSONPath(source)))
    } catch {
      problems.append(.invalid(path + ".jsonPath", JSONWriter.quoted(source), error.reason))
      return nil
    }
  }
}
