/// An endpoint that a request may be sent to.
public struct Candidate: Sendable {
  /// The pool it belongs to.
  public let pool: CompiledPool
  /// Its place in the pool.
  public let place: Int

  /// Where it is and what stands behind it.
  public var endpoint: Endpoint { pool.pool.endpoints[place] }
  /// What is spoken with it; lives on across tables.
  public var transport: CompiledTransport { pool.transport }
  /// What carries bytes to it that are not looked into.
  public var transportOfBytes: CompiledTransport { pool.transportOfBytes }
  /// What is known of it; lives on across tables.
  public var state: EndpointState { pool.states[place] }
}

/// The endpoints of a pool in the order in which one request tries them: the best first, and the next ones worked out only
/// when they are asked for.
public struct Candidates: Sendable {
  private enum Order: Sendable {
    case asListed
    /// Places in the pool, in the order of an external picker.
    case external([Int])
    case picked(EndpointPicker, PickRequest, now: UInt64, LoadBelief)
  }

  /// The endpoint whose turn it is.
  public private(set) var current: Candidate
  private var order: Order
  private var seed: UInt64
  /// The places of endpoints whose turn is over.
  private var tried: [Int] = []

  /// The endpoints of a pool as somebody else put them in order; `nil` if there are none.
  public init?(asListed pool: CompiledPool) {
    guard !pool.states.isEmpty else { return nil }
    (current, order, seed) = (Candidate(pool: pool, place: 0), .asListed, 0)
  }

  /// The endpoints that an external picker has listed, as far as they are of the pool and ready; `nil` if none is.
  public init?(listed endpoints: [EndpointID], of pool: CompiledPool) {
    var places: [Int] = []
    for endpoint in endpoints {
      guard let place = pool.place(of: endpoint), !places.contains(place) else { continue }
      places.append(place)
    }
    guard let first = places.first else { return nil }
    (current, order, seed) = (Candidate(pool: pool, place: first), .external(places), 0)
  }

  /// The endpoints of a pool, picked by `picker`; `nil` if there are none.
  init?(
    of pool: CompiledPool, by picker: EndpointPicker, for request: PickRequest, now: UInt64, belief: LoadBelief,
    seed: UInt64
  ) {
    guard let place = picker.pick(from: pool, for: request, except: [], now: now, belief: belief, seed: seed) else {
      return nil
    }
    current = Candidate(pool: pool, place: place)
    order = .picked(picker, request, now: now, belief)
    self.seed = seed
  }

  /// How many endpoints there are, those whose turn is over included.
  public var count: Int {
    if case .external(let places) = order { return places.count }
    return current.pool.states.count
  }

  /// The endpoint whose turn was before.
  public var previous: Candidate? { tried.last.map { Candidate(pool: current.pool, place: $0) } }

  /// Turns to the next endpoint; `false` when all had their turn.
  ///
  /// What failed since the first was picked counts, how metrics have aged does not.
  public mutating func advance() -> Bool {
    tried.append(current.place)
    guard let place = next() else { return false }
    current = Candidate(pool: current.pool, place: place)
    return true
  }

  /// Picks the first endpoint anew, since time has passed. Nothing changes where somebody else has put them in order, or after the
  /// first turn.
  public mutating func renew(now: UInt64) {
    guard case .picked(let picker, let request, _, let belief) = order, tried.isEmpty else { return }
    order = .picked(picker, request, now: now, belief)
    seed = EndpointPicker.mixed(seed, 63)
    guard let place = next() else { return }
    current = Candidate(pool: current.pool, place: place)
  }

  private func next() -> Int? {
    switch order {
    case .external(let places): return tried.count < places.count ? places[tried.count] : nil
    case .asListed: return tried.count < count ? tried.count : nil
    case .picked(let picker, let request, let now, let belief):
      let seed = EndpointPicker.mixed(seed, 64 + tried.count)
      return picker.pick(from: current.pool, for: request, except: tried, now: now, belief: belief, seed: seed)
    }
  }
}
