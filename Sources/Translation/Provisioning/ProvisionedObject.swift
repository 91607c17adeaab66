public import JSONText
public import KubernetesAPI

/// The kinds of object that are made for a Gateway, in the order in which they are made.
public enum ProvisionedKind: Int, Sendable, Hashable, CaseIterable, Comparable {
  case serviceAccount, clusterRoleBinding, role, roleBinding, service, deployment, podDisruptionBudget
  case horizontalPodAutoscaler

  /// Its names in the API.
  public var type: ResourceType {
    switch self {
    case .serviceAccount: ServiceAccount.type
    case .clusterRoleBinding: ClusterRoleBinding.type
    case .role: Role.type
    case .roleBinding: RoleBinding.type
    case .service: Service.type
    case .deployment: Deployment.type
    case .podDisruptionBudget: PodDisruptionBudget.type
    case .horizontalPodAutoscaler: HorizontalPodAutoscaler.type
    }
  }

  /// In the order in which they are made.
  public static func < (left: ProvisionedKind, right: ProvisionedKind) -> Bool { left.rawValue < right.rawValue }
}

/// Which object.
public struct ProvisionedID: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Its kind.
  public var kind: ProvisionedKind
  /// Its namespace, empty for one of the whole cluster, and name.
  public var key: ObjectKey

  /// A name.
  public init(_ kind: ProvisionedKind, _ key: ObjectKey) {
    self.kind = kind
    self.key = key
  }

  /// As people write it: `Service default/inference-gateway-switchyard`.
  public var description: String { "\(kind.type.kind) \(key)" }

  /// By kind, then by name.
  public static func < (left: ProvisionedID, right: ProvisionedID) -> Bool {
    (left.kind, left.key) < (right.kind, right.key)
  }
}

/// An object that is made for a Gateway, whole: what is applied.
public struct ProvisionedObject: Sendable, Equatable {
  /// Holds a hash of what was applied, so that nobody has to compare what the server made of it.
  public static let hashAnnotation = "switchyard.dev/applied"

  /// Which one it is.
  public let id: ProvisionedID
  /// Says whether another object would be applied in its place.
  public let hash: String
  /// The object, with the hash in its annotations.
  public let json: JSONValue

  /// - Parameter json: the object, whole but for `apiVersion`, `kind` and the hash.
  init(_ id: ProvisionedID, _ json: JSONValue) {
    var json = json
    json["apiVersion"] = .string(id.kind.type.apiVersion)
    json["kind"] = .string(id.kind.type.kind)
    let number = FNV1a.hash(JSONWriter.bytes(of: json))
    hash = String(number, radix: 16)
    json["metadata", "annotations", Self.hashAnnotation] = .string(hash)
    self.id = id
    self.json = json
  }
}

/// What shall become of the objects of one Gateway.
public enum GatewayPlan: Sendable, Equatable {
  /// These and no others.
  case objects([ProvisionedObject])
  /// Those that there are: the Gateway is not accepted as it is, or what it names is not known yet.
  case keep
}
