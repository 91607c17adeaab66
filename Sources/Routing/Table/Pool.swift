/// Names a pool within a table: an InferencePool of either API group, or a Service port.
public struct PoolID: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// What kind of object stands behind the pool.
  public enum Kind: String, Sendable, Hashable {
    /// `inference.networking.k8s.io/v1`.
    case inferencePool = "InferencePool"
    /// `inference.networking.x-k8s.io/v1alpha2`.
    case inferencePoolV1Alpha2 = "InferencePool.v1alpha2"
    /// A core `Service`; one pool for each port.
    case service = "Service"
  }

  /// The kind of object.
  public var kind: Kind
  /// Namespace and name of the object.
  public var object: ObjectName
  /// The Service port; `nil` for an InferencePool.
  public var port: Int?

  /// An identifier.
  public init(_ kind: Kind, _ object: ObjectName, port: Int? = nil) {
    self.kind = kind
    self.object = object
    self.port = port
  }

  /// `kind namespace/name` and the port if there is one.
  public var description: String { "\(kind.rawValue) \(object)" + (port.map { ":\($0)" } ?? "") }

  /// Orders by object, then kind, then port.
  public static func < (left: PoolID, right: PoolID) -> Bool {
    (left.object, left.kind.rawValue, left.port ?? 0) < (right.object, right.kind.rawValue, right.port ?? 0)
  }
}

/// A set of interchangeable model servers, and the models they serve.
public struct Pool: Sendable, Equatable {
  /// What names the pool.
  public var id: PoolID
  /// The endpoints that may take a request now (their pods are ready), sorted by identifier.
  public var endpoints: [Endpoint]
  /// How many endpoints the pool's selector matches, ready or not.
  public var matchedEndpoints: Int
  /// The InferenceModels bound to the pool, by the model name that clients send.
  public var models: [String: Model]
  /// Other names for the models that its requests ask for.
  public var rewrites: ModelRewrites
  /// The InferenceObjectives of the pool, by name: requests that name one have its priority.
  public var objectives: [String: Priority]
  /// The routes of model servers that are no inference, and that clients may call all the same. Pools of Services judge none.
  public var engineRoutes: EngineRoutes
  /// What is spoken with the endpoints.
  public var transport: UpstreamTransport
  /// Who picks the endpoint of each request.
  public var picker: PoolPicker

  /// A pool.
  public init(
    id: PoolID, endpoints: [Endpoint] = [], matchedEndpoints: Int? = nil, models: [String: Model] = [:],
    rewrites: ModelRewrites = ModelRewrites(), objectives: [String: Priority] = [:],
    engineRoutes: EngineRoutes = EngineRoutes(), transport: UpstreamTransport = UpstreamTransport(),
    picker: PoolPicker = .builtIn
  ) {
    self.id = id
    self.endpoints = endpoints
    self.matchedEndpoints = matchedEndpoints ?? endpoints.count
    self.models = models
    self.rewrites = rewrites
    self.objectives = objectives
    self.engineRoutes = engineRoutes
    self.transport = transport
    self.picker = picker
  }
}

/// Identifies an endpoint: one address and port.
public struct EndpointID: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// An IP address, without brackets.
  public var address: String
  /// The port, 1 to 65535.
  public var port: Int

  /// An identifier.
  public init(address: String, port: Int) {
    self.address = address
    self.port = port
  }

  /// `address:port`, IPv6 addresses in brackets.
  public var description: String { address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)" }

  /// Orders by address, then port.
  public static func < (left: EndpointID, right: EndpointID) -> Bool {
    (left.address, left.port) < (right.address, right.port)
  }
}

/// One port of one model server pod.
public struct Endpoint: Sendable, Equatable {
  /// Where it listens.
  public var id: EndpointID
  /// The pod behind it.
  public var pod: ObjectName
  /// What it computes on, if node labels or pod resources tell.
  public var accelerator: Accelerator?

  /// An endpoint.
  public init(id: EndpointID, pod: ObjectName, accelerator: Accelerator? = nil) {
    self.id = id
    self.pod = pod
    self.accelerator = accelerator
  }
}

/// The hardware a model server runs on.
public struct Accelerator: Hashable, Sendable {
  /// The product's name as the node's labels give it, for example `nvidia-h100-80gb`; the resource name without a label.
  public var name: String
  /// How many of them the pod asked for; `nil` when its resources do not say.
  public var count: Int?

  /// An accelerator.
  public init(name: String, count: Int? = nil) {
    self.name = name
    self.count = count
  }
}

/// A model name that clients send, bound to a pool by an InferenceModel.
public struct Model: Sendable, Equatable {
  /// The name clients send in the body's `model`.
  public var name: String
  /// How its requests stand against others of the pool.
  public var criticality: Criticality
  /// The names the model servers know, by weight; empty sends `name` itself.
  public var targets: [WeightedTarget]
  /// The InferenceModel that says so.
  public var object: ObjectName

  /// A model.
  public init(name: String, criticality: Criticality = .standard, targets: [WeightedTarget] = [], object: ObjectName) {
    self.name = name
    self.criticality = criticality
    self.targets = targets
    self.object = object
  }
}

/// One `targetModel`: a name the model server knows, and its share.
public struct WeightedTarget: Sendable, Equatable {
  /// The name written into the body's `model`.
  public var name: String
  /// The share: this weight over the sum; all equal when the InferenceModel gives none.
  public var weight: Int

  /// A target.
  public init(name: String, weight: Int = 1) {
    self.name = name
    self.weight = weight
  }
}
