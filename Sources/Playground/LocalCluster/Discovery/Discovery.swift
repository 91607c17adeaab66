import JSONText
import KubernetesAPI
import KubernetesSchema

/// The discovery documents: which groups, versions and resources there are.
enum Discovery {
  /// The version that this cluster speaks; the suffix says honestly what it is.
  static let version: JSONValue = [
    "major": "1", "minor": "36", "gitVersion": "v1.36.0+switchyard.local", "gitCommit": "", "gitTreeState": "",
    "buildDate": "1970-01-01T00:00:00Z", "goVersion": "", "compiler": "swift", "platform": "linux/amd64",
  ]

  static let aggregatedType = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"

  static func coreVersions(address: String) -> JSONValue {
    [
      "kind": "APIVersions", "versions": ["v1"],
      "serverAddressByClientCIDRs": [["clientCIDR": "0.0.0.0/0", "serverAddress": .string(address)]],
    ]
  }

  static func groupList(_ kinds: KindRegistry) -> JSONValue {
    let groups = kinds.groups.filter { !$0.name.isEmpty }.map { group($0.name, $0.versions) }
    return ["kind": "APIGroupList", "apiVersion": "v1", "groups": .array(groups)]
  }

  static func group(_ name: String, _ versions: [String], standalone: Bool = false) -> JSONValue {
    let list: [JSONValue] = versions.map {
      ["groupVersion": .string("\(name)/\($0)"), "version": .string($0)]
    }
    var group: JSONValue = ["name": .string(name), "versions": .array(list), "preferredVersion": list.first ?? .null]
    if standalone {
      group["kind"] = "APIGroup"
      group["apiVersion"] = "v1"
    }
    return group
  }

  static func resourceList(group: String, version: String, _ kinds: [ServedKind]) -> JSONValue {
    var resources: [JSONValue] = []
    for kind in kinds {
      resources.append(resource(kind))
      for subresource in subresources(kind) {
        resources.append([
          "name": .string("\(kind.plural)/\(subresource.name)"), "singularName": "",
          "namespaced": .bool(kind.namespaced), "kind": .string(kind.kind), "verbs": texts(subresource.verbs),
        ])
      }
    }
    let name = group.isEmpty ? version : "\(group)/\(version)"
    var list: JSONValue = [
      "kind": "APIResourceList", "groupVersion": .string(name), "resources": .array(resources),
    ]
    if !group.isEmpty { list["apiVersion"] = "v1" }
    return list
  }

  private static func resource(_ kind: ServedKind) -> JSONValue {
    var resource: JSONValue = [
      "name": .string(kind.plural), "singularName": .string(kind.singular), "namespaced": .bool(kind.namespaced),
      "kind": .string(kind.kind), "verbs": texts(kind.verbs),
      "storageVersionHash": .string(
        Base64.encode(Array(Fingerprint.of("\(kind.resource.description)").prefix(8).utf8))),
    ]
    if !kind.shortNames.isEmpty { resource["shortNames"] = texts(kind.shortNames) }
    if !kind.categories.isEmpty { resource["categories"] = texts(kind.categories) }
    return resource
  }

  /// The aggregated form: every group with its resources in one document.
  static func aggregated(_ kinds: KindRegistry, core: Bool) -> JSONValue {
    let groups = kinds.groups.filter { $0.name.isEmpty == core }
    let items: [JSONValue] = groups.map { group in
      let versions: [JSONValue] = group.versions.map { version in
        let resources = kinds.kinds(group: group.name, version: version).map { aggregated($0, core: core) }
        return ["version": .string(version), "resources": .array(resources), "freshness": "Current"]
      }
      return ["metadata": core ? [:] : ["name": .string(group.name)], "versions": .array(versions)]
    }
    return [
      "kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": [:], "items": .array(items),
    ]
  }

  private static func aggregated(_ kind: ServedKind, core: Bool) -> JSONValue {
    let responseKind: JSONValue = [
      "group": .string(kind.isCustom ? kind.group : ""), "version": .string(kind.isCustom ? kind.version : ""),
      "kind": .string(kind.kind),
    ]
    var resource: JSONValue = [
      "resource": .string(kind.plural), "responseKind": responseKind,
      "scope": kind.namespaced ? "Namespaced" : "Cluster", "singularResource": .string(kind.singular),
      "verbs": texts(kind.verbs),
    ]
    if !kind.shortNames.isEmpty { resource["shortNames"] = texts(kind.shortNames) }
    if !kind.categories.isEmpty { resource["categories"] = texts(kind.categories) }
    let subresources: [JSONValue] = subresources(kind).map {
      ["subresource": .string($0.name), "responseKind": responseKind, "verbs": texts($0.verbs)]
    }
    if !subresources.isEmpty { resource["subresources"] = .array(subresources) }
    return resource
  }

  private static func subresources(_ kind: ServedKind) -> [(name: String, verbs: [String])] {
    var list: [(String, [String])] = []
    if kind.resource == APIHandler.namespaces { list.append(("finalize", ["update"])) }
    if kind.hasStatus { list.append(("status", ["get", "patch", "update"])) }
    return list
  }

  private static func texts(_ list: [String]) -> JSONValue { .array(list.map(JSONValue.string)) }
}

/// A short name for a content, for caches: equal contents have equal names. No protection against forgery.
enum Fingerprint {
  static func of(_ text: String) -> String { of(Array(text.utf8)) }

  /// FNV-1a, 64 bits, in upper-case hexadecimal.
  static func of(_ bytes: [UInt8]) -> String {
    let digits = String(FNV1a.hash(bytes), radix: 16, uppercase: true)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
