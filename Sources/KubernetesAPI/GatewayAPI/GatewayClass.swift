/// A class of Gateways, run by one controller.
///
/// Source: <https://gateway-api.sigs.k8s.io/reference/spec/#gatewayclass>
public struct GatewayClass: Resource {
  /// The kind's names in the API.
  public static let type = ResourceType(
    group: "gateway.networking.k8s.io", version: "v1", kind: "GatewayClass", plural: "gatewayclasses", namespaced: false
  )

  /// The finalizer that keeps a class while Gateways name it.
  ///
  /// Source: `GatewayClassFinalizerGatewaysExist`, Gateway API v1.
  public static let usedFinalizer = "gateway-exists-finalizer.gateway.networking.k8s.io"

  /// Metadata.
  public var metadata: ObjectMeta
  /// Who runs it.
  public var spec: GatewayClassSpec
  /// What its controller says.
  public var status: GatewayClassStatus?

  /// Makes the value from its parts.
  public init(metadata: ObjectMeta, spec: GatewayClassSpec, status: GatewayClassStatus? = nil) {
    self.metadata = metadata
    self.spec = spec
    self.status = status
  }
}

/// Who runs a class.
public struct GatewayClassSpec: Codable, Sendable, Equatable {
  /// The controller, as `domain/path`.
  @OrEmpty public var controllerName: String
  /// More parameters.
  public var parametersRef: ParametersReference?
  /// What it is for.
  public var description: String?

  /// Makes the value from its parts.
  public init(controllerName: String, parametersRef: ParametersReference? = nil, description: String? = nil) {
    self.controllerName = controllerName
    self.parametersRef = parametersRef
    self.description = description
  }
}

/// Names an object with parameters.
public struct ParametersReference: Codable, Sendable, Equatable {
  /// Its group.
  @OrEmpty public var group: String
  /// Its kind.
  @OrEmpty public var kind: String
  /// Its name.
  @OrEmpty public var name: String
  /// Its namespace.
  public var namespace: String?

  /// Makes the value from its parts.
  public init(group: String = "", kind: String = "", name: String = "", namespace: String? = nil) {
    self.group = group
    self.kind = kind
    self.name = name
    self.namespace = namespace
  }
}

/// What a class's controller says.
public struct GatewayClassStatus: Codable, Sendable, Equatable {
  /// Conditions by type.
  @OrEmpty public var conditions: [Condition]
  /// What the controller supports, sorted by name.
  @OrEmpty public var supportedFeatures: [SupportedFeature]

  /// Makes the value from its parts.
  public init(conditions: [Condition] = [], supportedFeatures: [SupportedFeature] = []) {
    self.conditions = conditions
    self.supportedFeatures = supportedFeatures
  }
}

/// A feature that a controller supports.
public struct SupportedFeature: Codable, Sendable, Equatable {
  /// Its name.
  @OrEmpty public var name: String

  /// Makes the value from its parts.
  public init(name: String) {
    self.name = name
  }
}
