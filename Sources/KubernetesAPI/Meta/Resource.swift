/// A Kubernetes object that we have a type for.
public protocol Resource: Codable, Sendable, Equatable {
  /// The kind's names in the API.
  static var type: ResourceType { get }
  /// The object's metadata.
  var metadata: ObjectMeta { get set }
}

extension Resource {
  /// Namespace and name; the namespace is empty for an object of the whole cluster.
  public var key: ObjectKey { ObjectKey(namespace: metadata.namespace, name: metadata.name) }
}

/// The names by which the API knows a kind.
public struct ResourceType: Hashable, Sendable {
  /// The API group; empty for the core group.
  public let group: String
  /// The version, for example `v1`.
  public let version: String
  /// The kind, for example `HTTPRoute`.
  public let kind: String
  /// The name in URLs, for example `httproutes`.
  public let plural: String
  /// Whether objects live in a namespace.
  public let namespaced: Bool

  /// A type of resource.
  public init(group: String, version: String, kind: String, plural: String, namespaced: Bool = true) {
    self.group = group
    self.version = version
    self.kind = kind
    self.plural = plural
    self.namespaced = namespaced
  }

  /// `version` for the core group, else `group/version`.
  public var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }
}

/// Namespace and name of an object; the namespace is empty for an object of the whole cluster.
public struct ObjectKey: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The namespace, or nothing.
  public var namespace: String
  /// The name.
  public var name: String

  /// A key.
  public init(namespace: String = "", name: String) {
    self.namespace = namespace
    self.name = name
  }

  /// `namespace/name`, or `name` alone for an object of the whole cluster.
  public var description: String { namespace.isEmpty ? name : "\(namespace)/\(name)" }

  /// Orders by namespace, then name.
  public static func < (left: ObjectKey, right: ObjectKey) -> Bool {
    (left.namespace, left.name) < (right.namespace, right.name)
  }
}

/// An object with the `apiVersion` and `kind` that a request body must have.
public struct Manifest<R: Resource>: Encodable, Sendable {
  /// The object.
  public let resource: R

  /// Wraps an object.
  public init(_ resource: R) { self.resource = resource }

  private enum CodingKeys: String, CodingKey { case apiVersion, kind }

  /// Writes `apiVersion` and `kind` beside the object's own members.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(R.type.apiVersion, forKey: .apiVersion)
    try container.encode(R.type.kind, forKey: .kind)
    try resource.encode(to: encoder)
  }
}
