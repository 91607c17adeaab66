/// An endpoint of a pool as picking sees it at one moment: numbers only, so that looking at many costs nothing but that.
public struct PickCandidate: Sendable, Equatable {
  /// The endpoint's place in its pool.
  public var place: Int
  /// Requests of this process that it is working on.
  public var inFlight: Int
  /// What its metrics said; `nil` if they were never read or are too old to be believed.
  public var signals: LoadSignals?
  /// Whether a request of this process failed at it a moment ago.
  public var hasFailedLately: Bool
  /// Whether filters keep it.
  var isKept = true
  /// How much of its share of requests it may have, above 0 and up to 1; below 1 while it is new. Beside the two above it takes no
  /// room: 16 candidates must fit into what Swift gives on the stack, 1 KB.
  public var share: Float = 1
  /// The sum of its weighted scores.
  var total = 0.0

  /// A candidate.
  public init(place: Int, inFlight: Int = 0, signals: LoadSignals? = nil, hasFailedLately: Bool = false) {
    self.place = place
    self.inFlight = inFlight
    self.signals = signals
    self.hasFailedLately = hasFailedLately
  }

  /// One more than its requests in flight, as many times as its share is smaller than a whole one.
  var load: Double { Double(1 + inFlight) / Double(share) }

  /// Whether there is nothing against it.
  var isFit: Bool { isKept && !hasFailedLately }
}

/// What filters and scorers may know of a request.
public struct PickRequest: Sendable, Equatable {
  /// The model name that the model server will see, after any rewrite.
  public var model: String?
  /// How the request stands against others of the pool.
  public var priority: Priority

  /// A request.
  public init(model: String? = nil, priority: Priority = .standard) {
    self.model = model
    self.priority = priority
  }
}

/// The request that is picked for, the pool, and what the candidates have in common.
public struct PickRound: Sendable {
  /// The request.
  public let request: PickRequest
  /// The pool whose endpoints the candidates are.
  public let pool: CompiledPool
  /// The least load of any candidate: see ``PickCandidate/load``.
  var leastLoad = Double.infinity
  /// The fewest waiting requests of any candidate with believable metrics; the largest number if there is none.
  public internal(set) var leastWaiting = Int.max
  /// The most waiting requests of any candidate with believable metrics; the smallest number if there is none.
  public internal(set) var mostWaiting = Int.min

  init(_ request: PickRequest, pool: CompiledPool) {
    self.request = request
    self.pool = pool
  }

  /// What the metrics of a candidate said in full; takes a lock, and is for scorers that need more than its signals.
  public func load(of candidate: PickCandidate) -> EndpointLoad? { pool.states[candidate.place].load }
}

/// Says which endpoints are fit for a request.
public protocol Filter: Sendable {
  /// What explanations call it.
  var name: String { get }
  /// Whether a candidate is fit.
  func keeps(_ candidate: PickCandidate, in round: PickRound) -> Bool
}

/// Says how good each endpoint is for a request.
public protocol Scorer: Sendable {
  /// What explanations call it.
  var name: String { get }
  /// A score from 0 (worst) to 1; `nil` for a candidate that nothing is known of.
  func score(_ candidate: PickCandidate, in round: PickRound) -> Double?
}
