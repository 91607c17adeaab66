/// More listeners for a Gateway, kept by whoever the Gateway allows to.
///
/// Source: <https://gateway-api.sigs.k8s.io/reference/spec/#listenerset>
public struct ListenerSet: Resource {
  /// The kind's names in the API.
  public static let type = ResourceType(
    group: "gateway.networking.k8s.io", version: "v1", kind: "ListenerSet", plural: "listenersets")

  /// Metadata.
  public var metadata: ObjectMeta
  /// The listeners, and whose they are to be.
  public var spec: ListenerSetSpec
  /// What became of them.
  public var status: ListenerSetStatus?

  /// Makes the value from its parts.
  public init(metadata: ObjectMeta, spec: ListenerSetSpec, status: ListenerSetStatus? = nil) {
    self.metadata = metadata
    self.spec = spec
    self.status = status
  }
}

/// What a ListenerSet adds, and to what.
public struct ListenerSetSpec: Codable, Sendable, Equatable {
  /// The Gateway; it has neither section nor port.
  public var parentRef: ParentReference
  /// What is added. A name may be that of a listener of the Gateway, or of another ListenerSet.
  @OrEmpty public var listeners: [GatewayListener]

  /// Makes the value from its parts.
  public init(parentRef: ParentReference, listeners: [GatewayListener] = []) {
    self.parentRef = parentRef
    self.listeners = listeners
  }
}

/// What became of a ListenerSet.
public struct ListenerSetStatus: Codable, Sendable, Equatable {
  /// Conditions by type.
  @OrEmpty public var conditions: [Condition]
  /// One entry a listener.
  @OrEmpty public var listeners: [ListenerStatus]

  /// Makes the value from its parts.
  public init(conditions: [Condition] = [], listeners: [ListenerStatus] = []) {
    self.conditions = conditions
    self.listeners = listeners
  }
}

extension ListenerSet {
  /// The Gateway that the listeners are for; `nil` where the parent is something else.
  public var gateway: ObjectKey? {
    let parent = spec.parentRef
    guard (parent.group ?? Gateway.type.group) == Gateway.type.group, (parent.kind ?? "Gateway") == "Gateway" else {
      return nil
    }
    return ObjectKey(namespace: parent.namespace ?? metadata.namespace, name: parent.name)
  }
}
