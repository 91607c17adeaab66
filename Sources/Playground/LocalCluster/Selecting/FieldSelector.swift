import JSONText
import KubernetesAPI

/// A field selector: `metadata.name=a,status.phase!=Running`.
struct FieldSelectorQuery: Sendable, Equatable {
  /// One condition; all must hold.
  struct Requirement: Sendable, Equatable {
    var path: [String]
    var value: String
    var negated: Bool
  }

  var requirements: [Requirement] = []

  /// Reads a selector for a resource, which decides the fields that may be selected.
  ///
  /// - Throws: `StatusError` (400) naming an unreadable term or a field that the resource does not support.
  init(parsing text: String, for resource: ResourceName, also fields: Set<String> = []) throws(StatusError) {
    for term in text.split(separator: ",") {
      let separator = term.contains("!=") ? "!=" : term.contains("==") ? "==" : "="
      guard let range = term.firstRange(of: separator) else {
        throw .badRequest("invalid selector: '\(text)'; can't understand '\(term)'")
      }
      let name = String(term[..<range.lowerBound])
      guard fields.contains(name) || Self.supported(resource).contains(name) else {
        throw .badRequest("field label not supported: \(name)")
      }
      requirements.append(
        Requirement(
          path: name.split(separator: ".").map(String.init), value: String(term[range.upperBound...]),
          negated: separator == "!="))
    }
  }

  func matches(_ object: JSONValue) -> Bool {
    requirements.allSatisfy { requirement in
      let text: String =
        switch object[path: requirement.path] {
        case .string(let text)?: text
        case .bool(let flag)?: String(flag)
        case .integer(let number)?: String(number)
        default: ""
        }
      return (text == requirement.value) != requirement.negated
    }
  }

  private static func supported(_ resource: ResourceName) -> Set<String> {
    let always: Set = ["metadata.name", "metadata.namespace"]
    switch (resource.group, resource.plural) {
    case ("", "pods"):
      return always.union([
        "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "status.phase",
        "status.podIP", "status.nominatedNodeName",
      ])
    case ("", "nodes"): return always.union(["spec.unschedulable"])
    case ("", "secrets"): return always.union(["type"])
    case ("", "namespaces"): return always.union(["status.phase"])
    case ("", "services"): return always.union(["spec.clusterIP", "spec.type"])
    case ("", "events"):
      let object = ["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"]
      return always.union(object.map { "involvedObject.\($0)" }).union([
        "reason", "reportingComponent", "source", "type",
      ])
    default: return always
    }
  }
}
