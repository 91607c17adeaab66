/// Metadata that every object has; `managedFields` are left out (a server keeps them when a client sends none).
///
/// Source: <https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/>
public struct ObjectMeta: Codable, Sendable, Equatable {
  /// The name, unique in its namespace.
  @OrEmpty public var name: String
  /// A prefix from which the server makes a name.
  public var generateName: String?
  /// The namespace; empty for an object of the whole cluster.
  @OrEmpty public var namespace: String
  /// Unique in time and space.
  public var uid: String?
  /// The version for optimistic concurrency; opaque.
  public var resourceVersion: String?
  /// Rises with each change of the spec.
  public var generation: Int64?
  /// When the object was made.
  public var creationTimestamp: Timestamp?
  /// When deletion was asked for; the object goes once its finalizers are gone.
  public var deletionTimestamp: Timestamp?
  /// Labels, for selectors.
  @OrEmpty public var labels: [String: String]
  /// Annotations, for tools.
  @OrEmpty public var annotations: [String: String]
  /// Names of what must happen before the object goes.
  @OrEmpty public var finalizers: [String]
  /// Objects whose deletion deletes this one.
  @OrEmpty public var ownerReferences: [OwnerReference]

  /// Metadata of a new object.
  public init(
    name: String = "", namespace: String = "", labels: [String: String] = [:], annotations: [String: String] = [:],
    generateName: String? = nil, uid: String? = nil, resourceVersion: String? = nil, generation: Int64? = nil,
    creationTimestamp: Timestamp? = nil, deletionTimestamp: Timestamp? = nil, finalizers: [String] = [],
    ownerReferences: [OwnerReference] = []
  ) {
    self.name = name
    self.namespace = namespace
    self.labels = labels
    self.annotations = annotations
    self.generateName = generateName
    self.uid = uid
    self.resourceVersion = resourceVersion
    self.generation = generation
    self.creationTimestamp = creationTimestamp
    self.deletionTimestamp = deletionTimestamp
    self.finalizers = finalizers
    self.ownerReferences = ownerReferences
  }
}

/// An object that owns another.
public struct OwnerReference: Codable, Sendable, Equatable {
  /// The owner's `apiVersion`.
  public var apiVersion: String
  /// The owner's kind.
  public var kind: String
  /// The owner's name.
  public var name: String
  /// The owner's uid.
  public var uid: String
  /// Whether the owner is the managing controller.
  public var controller: Bool?

  /// A reference to an owner.
  public init(apiVersion: String, kind: String, name: String, uid: String, controller: Bool? = nil) {
    self.apiVersion = apiVersion
    self.kind = kind
    self.name = name
    self.uid = uid
    self.controller = controller
  }
}

/// Metadata of a list.
public struct ListMeta: Codable, Sendable, Equatable {
  /// The version of the whole list; where a watch goes on.
  public var resourceVersion: String?
  /// Present when the list has another page.
  @OrEmpty public var `continue`: String
  /// How many objects are on later pages, if the server knows.
  public var remainingItemCount: Int64?

  /// Metadata of a list.
  public init(resourceVersion: String? = nil, continue: String = "", remainingItemCount: Int64? = nil) {
    self.resourceVersion = resourceVersion
    self.continue = `continue`
    self.remainingItemCount = remainingItemCount
  }
}

/// A page of objects of one kind.
public struct ResourceList<R: Codable & Sendable & Equatable>: Codable, Sendable, Equatable {
  /// The list's metadata.
  public var metadata: ListMeta
  /// The objects.
  @OrEmpty public var items: [R]

  /// A list.
  public init(metadata: ListMeta = ListMeta(), items: [R] = []) {
    self.metadata = metadata
    self.items = items
  }
}
