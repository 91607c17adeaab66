import JSONText
import KubernetesAPI
import KubernetesSchema
import Logging

/// All kinds that the server serves: the built-in ones, and those of the CustomResourceDefinitions in the store.
struct KindRegistry: Sendable {
  /// The collection of CustomResourceDefinitions.
  static let definitions = ResourceName(group: "apiextensions.k8s.io", plural: "customresourcedefinitions")

  private let builtIn: [ServedKind]
  /// What was made of each definition, by its name.
  private var custom: [String: Served] = [:]
  /// Every served kind in each of its versions.
  private(set) var kinds: [ServedKind]

  private struct Served: Sendable {
    var spec: JSONValue
    var uid: String
    var kinds: [ServedKind]
  }

  init(builtIn: [ServedKind]) {
    self.builtIn = builtIn
    self.kinds = builtIn
  }

  /// Takes over a definition, or with `nil` its end.
  ///
  /// - Returns: whether that changes anything; labels and status do not.
  @discardableResult
  mutating func update(_ name: String, _ definition: JSONValue?, logger: Logger) -> Bool {
    let spec = definition?["spec"] ?? .null
    let known = custom[name]
    guard known?.spec != spec || known?.uid != definition?.objectUID else { return false }
    custom[name] = definition.map { definition in
      Served(spec: spec, uid: definition.objectUID, kinds: Self.served(definition, logger))
    }
    let added = custom.sorted { $0.key < $1.key }.flatMap(\.value.kinds)
    kinds = builtIn + added.filter { kind in !builtIn.contains { $0.resource == kind.resource } }
    return true
  }

  /// One that cannot be read was refused when it was written; should the folder hold one, it is reported and left out.
  private static func served(_ definition: JSONValue, _ logger: Logger) -> [ServedKind] {
    do {
      return try CustomResourceDefinition(definition).servedKinds
    } catch {
      logger.error("a CustomResourceDefinition is not served", metadata: ["error": "\(error)"])
      return []
    }
  }

  /// The kinds of one definition, in each served version.
  func kinds(of definition: String) -> [ServedKind] {
    kinds.filter { $0.isCustom && $0.resource.description == definition }
  }

  /// Whether a kind is still served as one of the same definition.
  func serves(_ kind: ServedKind) -> Bool {
    self.kind(group: kind.group, version: kind.version, plural: kind.plural)?.definitionUID == kind.definitionUID
  }

  /// The kind behind a path.
  func kind(group: String, version: String, plural: String) -> ServedKind? {
    kinds.first { $0.group == group && $0.version == version && $0.plural == plural }
  }

  /// The kind that a manifest names.
  func kind(apiVersion: String, kind: String) -> ServedKind? {
    kinds.first { $0.apiVersion == apiVersion && $0.kind == kind }
  }

  /// Groups and their versions in the order of discovery; the core group has an empty name.
  var groups: [(name: String, versions: [String])] {
    var order: [String] = []
    var versions: [String: [String]] = [:]
    for kind in kinds {
      if versions[kind.group] == nil { order.append(kind.group) }
      if !(versions[kind.group] ?? []).contains(kind.version) { versions[kind.group, default: []].append(kind.version) }
    }
    // A real server lists the groups of definitions by name, after its own.
    let custom = Set(kinds.filter(\.isCustom).map(\.group))
    order = order.filter { !custom.contains($0) } + custom.sorted()
    return order.map { ($0, KubernetesVersion.ordered(versions[$0] ?? [])) }
  }

  /// Kinds of one group and version, by plural.
  func kinds(group: String, version: String) -> [ServedKind] {
    kinds.filter { $0.group == group && $0.version == version }.sorted { $0.plural < $1.plural }
  }
}

extension ServedKind {
  /// The collection in which objects of this kind are kept.
  var resource: ResourceName { ResourceName(group: group, plural: plural) }

  /// Whether a real cluster has this kind from a CustomResourceDefinition; such kinds refuse strategic merge patches.
  var isCustom: Bool { !Self.compiledIn.contains(group) }

  private static let compiledIn: Set = [
    "", "apps", "discovery.k8s.io", "coordination.k8s.io", "apiextensions.k8s.io",
    "policy", "autoscaling", "rbac.authorization.k8s.io", "authorization.k8s.io", "authentication.k8s.io",
    "apiregistration.k8s.io",
  ]
}
