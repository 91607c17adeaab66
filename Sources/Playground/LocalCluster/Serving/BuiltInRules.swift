import JSONText
import KubernetesSchema

/// The least that a new object of a built-in kind must have.
enum BuiltInRules {
  static func errors(_ object: JSONValue, kind: ServedKind) -> [FieldError] {
    switch (kind.group, kind.plural) {
    case ("", "pods"): pod(object)
    case ("", "services"): service(object)
    case ("discovery.k8s.io", "endpointslices"): endpointSlice(object)
    default: []
    }
  }

  /// What may not change once an object is there.
  static func changeErrors(_ object: JSONValue, old: JSONValue, kind: ServedKind) -> [FieldError] {
    if kind.resource == KindRegistry.definitions { return definition(object, old: old) }
    guard kind.group.isEmpty, kind.plural == "secrets", let type = object["type"], type != old["type"] else {
      return []
    }
    return [.invalidValue("type", type.display, "field is immutable")]
  }

  /// A kind that is served keeps its name and its scope, and every version that objects are stored in.
  private static func definition(_ object: JSONValue, old: JSONValue) -> [FieldError] {
    var errors: [FieldError] = []
    for path in [["spec", "group"], ["spec", "scope"], ["spec", "names", "kind"], ["spec", "names", "plural"]] {
      guard let value = object[path: path], value != old[path: path] else { continue }
      errors.append(.invalidValue(path.joined(separator: "."), value.display, "field is immutable"))
    }
    let versions = (object["spec", "versions"]?.arrayValue ?? []).compactMap { $0["name"] }
    for (index, stored) in (object["status", "storedVersions"]?.arrayValue ?? []).enumerated()
    where !versions.contains(stored) {
      let name = stored.stringValue ?? ""
      errors.append(
        .invalidValue(
          "status.storedVersions[\(index)]", stored.display,
          "missing from spec.versions; \(name) was previously a storage version, and must remain in spec.versions until "
            + "a storage migration ensures no data remains persisted in \(name) and removes \(name) from "
            + "status.storedVersions"))
    }
    return errors
  }

  private static func pod(_ object: JSONValue) -> [FieldError] {
    let containers = object["spec", "containers"]?.arrayValue ?? []
    if containers.isEmpty { return [.required("spec.containers")] }
    var errors: [FieldError] = []
    var names: Set<String> = []
    for (index, container) in containers.enumerated() {
      for field in ["name", "image"] where (container[field]?.stringValue ?? "").isEmpty {
        errors.append(.required("spec.containers[\(index)].\(field)"))
      }
      if let name = container["name"]?.stringValue, !names.insert(name).inserted {
        errors.append(
          FieldError(
            reason: .duplicate, field: "spec.containers[\(index)].name", message: "Duplicate value: \"\(name)\""))
      }
    }
    return errors
  }

  private static func service(_ object: JSONValue) -> [FieldError] {
    let ports = object["spec", "ports"]?.arrayValue ?? []
    // A headless Service and one that only names an external host need no port.
    if ports.isEmpty, object["spec", "clusterIP"]?.stringValue != "None",
      object["spec", "type"]?.stringValue != "ExternalName"
    {
      return [.required("spec.ports")]
    }
    return ports.enumerated().flatMap { index, port -> [FieldError] in
      let number = port["port"]?.integerValue ?? 0
      if (1...65535).contains(number) { return [] }
      return [.invalid("spec.ports[\(index)].port", "\(number)", "must be between 1 and 65535, inclusive")]
    }
  }

  private static func endpointSlice(_ object: JSONValue) -> [FieldError] {
    let type = object["addressType"]?.stringValue ?? ""
    if type.isEmpty { return [.required("addressType")] }
    if ["IPv4", "IPv6", "FQDN"].contains(type) { return [] }
    return [
      FieldError(
        reason: .notSupported, field: "addressType",
        message: "Unsupported value: \"\(type)\": supported values: \"FQDN\", \"IPv4\", \"IPv6\"")
    ]
  }
}
