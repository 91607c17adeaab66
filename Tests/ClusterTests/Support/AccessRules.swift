import Foundation
import JSONText
import KubernetesSchema
import TestSupport

/// What manifests let a ServiceAccount do.
///
/// Source: <https://kubernetes.io/docs/reference/access-authn-authz/rbac/>
struct AccessRules {
  /// One verb on one resource.
  struct Right: Hashable, CustomStringConvertible {
    var verb: String
    var group: String
    var resource: String
    /// The only objects that it is about; empty for all.
    var names: [String]
    /// "" for all namespaces.
    var namespace: String

    var description: String { "\(verb) \(resource)\(group.isEmpty ? "" : ".\(group)")" }

    func permits(_ access: Access) -> Bool {
      verb == access.verb && group == access.group && resource == access.resource
        && (names.isEmpty || names.contains(access.name)) && (namespace.isEmpty || namespace == access.namespace)
    }
  }

  private(set) var rights: Set<Right> = []

  /// Reads the roles that are bound to the account, and only those.
  ///
  /// - Parameter home: the namespace that the account is in, in place of the manifest's.
  init(manifest path: String, account: String, home: String) throws {
    let text = try String(contentsOf: repository.appending(path: path), encoding: .utf8)
    let objects = try yamlDocuments(text)
    let bindings = objects.filter {
      $0["kind"]?.stringValue?.hasSuffix("RoleBinding") == true
        && ($0["subjects"]?.arrayValue ?? []).contains { $0["name"]?.stringValue == account }
    }
    for binding in bindings {
      var namespace =
        binding["kind"] == "RoleBinding" ? binding["metadata"]?["namespace"]?.stringValue ?? "default" : ""
      if binding["subjects"]?[0]?["namespace"]?.stringValue == namespace { namespace = home }
      for role in objects
      where role["kind"] == binding["roleRef"]?["kind"] && role["metadata"]?["name"] == binding["roleRef"]?["name"] {
        for rule in role["rules"]?.arrayValue ?? [] { add(rule, namespace: namespace) }
      }
    }
  }

  /// Reads a ClusterRole as if it were bound in all namespaces.
  init(manifest path: String, role: String) throws {
    let text = try String(contentsOf: repository.appending(path: path), encoding: .utf8)
    for object in try yamlDocuments(text)
    where object["kind"] == "ClusterRole" && object["metadata"]?["name"]?.stringValue == role {
      for rule in object["rules"]?.arrayValue ?? [] { add(rule, namespace: "") }
    }
  }

  private mutating func add(_ rule: JSONValue, namespace: String) {
    func words(_ name: String) -> [String] { (rule[name]?.arrayValue ?? []).compactMap(\.stringValue) }
    for group in words("apiGroups") {
      for resource in words("resources") {
        for verb in words("verbs") {
          rights.insert(
            Right(
              verb: verb, group: group, resource: resource, names: words("resourceNames"), namespace: namespace))
        }
      }
    }
  }
}
