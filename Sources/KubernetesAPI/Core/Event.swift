/// Something that happened to an object; `kubectl describe` shows it.
///
/// Source: <https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/>
public struct Event: Resource {
  /// The kind's names in the API.
  public static let type = ResourceType(group: "", version: "v1", kind: "Event", plural: "events")

  /// Metadata.
  public var metadata: ObjectMeta
  /// What it happened to.
  public var involvedObject: ObjectReference
  /// What happened, in one CamelCase word.
  @OrEmpty public var reason: String
  /// What happened, for a person.
  @OrEmpty public var message: String
  /// `Normal` or `Warning`.
  @OrEmpty public var type: String
  /// Who says so.
  public var source: EventSource?
  /// When it was first seen.
  public var firstTimestamp: Timestamp?
  /// When it was last seen.
  public var lastTimestamp: Timestamp?
  /// How often it was seen.
  public var count: Int?

  /// Makes the value from its parts.
  public init(
    metadata: ObjectMeta, involvedObject: ObjectReference, reason: String, message: String, type: String,
    source: EventSource? = nil, firstTimestamp: Timestamp? = nil, lastTimestamp: Timestamp? = nil, count: Int? = nil
  ) {
    self.metadata = metadata
    self.involvedObject = involvedObject
    self.reason = reason
    self.message = message
    self.type = type
    self.source = source
    self.firstTimestamp = firstTimestamp
    self.lastTimestamp = lastTimestamp
    self.count = count
  }
}

/// Who reports an event.
public struct EventSource: Codable, Sendable, Equatable {
  /// The program.
  public var component: String?

  /// Makes the value from its parts.
  public init(component: String? = nil) {
    self.component = component
  }
}

/// Names an object.
public struct ObjectReference: Codable, Sendable, Equatable {
  /// Its `apiVersion`.
  public var apiVersion: String?
  /// Its kind.
  public var kind: String?
  /// Its namespace.
  public var namespace: String?
  /// Its name.
  public var name: String?
  /// Its uid.
  public var uid: String?
  /// The version that is meant.
  public var resourceVersion: String?

  /// Makes the value from its parts.
  public init(
    apiVersion: String? = nil, kind: String? = nil, namespace: String? = nil, name: String? = nil, uid: String? = nil,
    resourceVersion: String? = nil
  ) {
    self.apiVersion = apiVersion
    self.kind = kind
    self.namespace = namespace
    self.name = name
    self.uid = uid
    self.resourceVersion = resourceVersion
  }
}
