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
    case picked(EndpointPicker, PickRequest, now: UInt64, LoadBelief)
  }

  /// The endpoint whose turn it is.
  public private(set) var current: Candidate
  private let order: Order
  private let seed: UInt64
  /// The places of endpoints whose turn is over.
  private var tried: [Int] = []

  /// The endpoints of a pool as somebody else put them in order; `nil` if there are none.
  public init?(asListed pool: CompiledPool) {
    guard !pool.states.isEmpty else { return nil }
    (current, order, seed) = (Candidate(pool: pool, place: 0), .asListed, 0)
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
  public var count: Int { current.pool.states.count }

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

  private func next() -> Int? {
    switch order {
    case .asListed: return tried.count < count ? tried.count : nil
    case .picked(let picker, let request, let now, let belief):
      let seed = EndpointPicker.mixed(seed, 64 + tried.count)
      return picker.pick(from: current.pool, for: request, except: tried, now: now, belief: belief, seed: seed)
    }
  }
}
