/// Whom a request concerns, as far as the router found out: for labels, records and logs.
public struct RequestSubject: Sendable, Hashable {
  /// The route whose rule took the request.
  public var route: ObjectName?
  /// The pool that the rule's weights chose.
  public var pool: PoolID?
  /// The model that the client asked for, only where the pool or the rule declares it: such names are few, and not of the
  /// client's making.
  public var model: String?
  /// The name that the model server is asked for, under the same condition.
  public var targetModel: String?
  /// How the request stands against others of the pool; `nil` while no InferencePool is chosen.
  public var priority: Priority?

  /// A subject; by default nothing is known.
  public init(
    route: ObjectName? = nil, pool: PoolID? = nil, model: String? = nil, targetModel: String? = nil,
    priority: Priority? = nil
  ) {
    self.route = route
    self.pool = pool
    self.model = model
    self.targetModel = targetModel
    self.priority = priority
  }
}
