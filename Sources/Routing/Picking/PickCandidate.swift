/// An endpoint and all that is known of it when one is picked.
public struct PickCandidate: Sendable, Equatable {
  /// The endpoint.
  public var endpoint: Endpoint
  /// What its metrics said; `nil` if they were never read or are too old to be believed.
  public var load: EndpointLoad?
  /// Requests of this process that it is working on.
  public var inFlight: Int
  /// Whether a request of this process failed at it a moment ago.
  public var hasFailedLately: Bool

  /// A candidate.
  public init(endpoint: Endpoint, load: EndpointLoad? = nil, inFlight: Int = 0, hasFailedLately: Bool = false) {
    self.endpoint = endpoint
    self.load = load
    self.inFlight = inFlight
    self.hasFailedLately = hasFailedLately
  }
}

/// What filters and scorers may know of a request.
public struct PickRequest: Sendable, Equatable {
  /// The model name that the model server will see, after any rewrite.
  public var model: String?
  /// How important the request is.
  public var criticality: Criticality

  /// A request.
  public init(model: String? = nil, criticality: Criticality = .standard) {
    self.model = model
    self.criticality = criticality
  }
}

/// Says which endpoints are fit for a request.
public protocol Filter: Sendable {
  /// What explanations call it.
  var name: String { get }
  /// Whether each candidate is fit, in their order.
  func keeps(_ candidates: [PickCandidate], for request: PickRequest) -> [Bool]
}

/// Says how good each endpoint is for a request.
public protocol Scorer: Sendable {
  /// What explanations call it.
  var name: String { get }
  /// A score from 0 (worst) to 1 for each candidate, in their order; `nil` for one that nothing is known of.
  func scores(_ candidates: [PickCandidate], for request: PickRequest) -> [Double?]
}
