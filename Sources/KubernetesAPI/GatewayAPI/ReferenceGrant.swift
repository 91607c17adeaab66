/// Allows references into its namespace.
///
/// Source: <https://gateway-api.sigs.k8s.io/reference/spec/#referencegrant>
public struct ReferenceGrant: Resource {
  /// The kind's names in the API.
  public static let type = ResourceType(
    group: "gateway.networking.k8s.io", version: "v1beta1", kind: "ReferenceGrant", plural: "referencegrants")

  /// Metadata.
  public var metadata: ObjectMeta
  /// What it allows.
  public var spec: ReferenceGrantSpec

  /// Makes the value from its parts.
  public init(metadata: ObjectMeta, spec: ReferenceGrantSpec) {
    self.metadata = metadata
    self.spec = spec
  }
}

/// What a grant allows: any of `from` to any of `to`.
public struct ReferenceGrantSpec: Codable, Sendable, Equatable {
  /// Who may refer.
  @OrEmpty public var from: [ReferenceGrantFrom]
  /// To what.
  @OrEmpty public var to: [ReferenceGrantTo]

  /// Makes the value from its parts.
  public init(from: [ReferenceGrantFrom] = [], to: [ReferenceGrantTo] = []) {
    self.from = from
    self.to = to
  }
}

/// Who may refer.
public struct ReferenceGrantFrom: Codable, Sendable, Equatable {
  /// The referrer's group.
  @OrEmpty public var group: String
  /// The referrer's kind.
  @OrEmpty public var kind: String
  /// The referrer's namespace.
  @OrEmpty public var namespace: String

  /// Makes the value from its parts.
  public init(group: String = "", kind: String, namespace: String) {
    self.group = group
    self.kind = kind
    self.namespace = namespace
  }
}

/// What may be referred to.
public struct ReferenceGrantTo: Codable, Sendable, Equatable {
  /// Its group.
  @OrEmpty public var group: String
  /// Its kind.
  @OrEmpty public var kind: String
  /// Its name; all of the kind when unset.
  public var name: String?

  /// Makes the value from its parts.
  public init(group: String = "", kind: String, name: String? = nil) {
    self.group = group
    self.kind = kind
    self.name = name
  }
}
