extension EndpointPicker {
  /// The place in the pool of the endpoint to try next; `nil` when all were tried.
  ///
  /// - Parameters:
  ///   - tried: places that are not to be picked.
  ///   - seed: a draw, from which all others of this pick are made: the system's generator costs a system call each.
  func pick(
    from pool: CompiledPool, for request: PickRequest, except tried: [Int], now: UInt64, belief: LoadBelief,
    seed: UInt64
  ) -> Int? {
    withUnsafeTemporaryAllocation(of: PickCandidate.self, capacity: Self.sampleSize) { memory in
      var sample = Sample(memory, picker: self, round: PickRound(request, pool: pool), now: now, belief: belief)
      sample.fill(except: tried, seed: seed)
      let candidates = sample.candidates
      guard candidates.count > 1 else { return candidates.first?.place }
      score(candidates, in: sample.round)
      return Self.best(candidates, seed: seed)
    }
  }

  /// The best of the candidates; ties are broken at random.
  static func best(_ candidates: UnsafeMutableBufferPointer<PickCandidate>, seed: UInt64) -> Int? {
    var best: (candidate: PickCandidate, tie: UInt64)?
    for candidate in candidates {
      let tie = mixed(seed, candidate.place)
      if let known = best, !isBetter(candidate, tie, than: known.candidate, known.tie) { continue }
      best = (candidate, tie)
    }
    return best?.candidate.place
  }

  private static func isBetter(
    _ left: PickCandidate, _ leftTie: UInt64, than right: PickCandidate, _ rightTie: UInt64
  ) -> Bool {
    if left.hasFailedLately != right.hasFailedLately { return right.hasFailedLately }
    if left.isKept != right.isKept { return left.isKept }
    if left.total != right.total { return left.total > right.total }
    return leftTie < rightTie
  }

  /// The finalizer of SplitMix64 (Steele, Lea, Flood, 2014): a different random-looking number for each index.
  static func mixed(_ seed: UInt64, _ index: Int) -> UInt64 {
    var value = seed &+ UInt64(truncatingIfNeeded: index &+ 1) &* 0x9E37_79B9_7F4A_7C15
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  /// The endpoints that are compared for one request.
  private struct Sample {
    let memory: UnsafeMutableBufferPointer<PickCandidate>
    let picker: EndpointPicker
    let round: PickRound
    let now: UInt64
    let belief: LoadBelief
    private var count = 0
    private var hasFit = false

    init(
      _ memory: UnsafeMutableBufferPointer<PickCandidate>, picker: EndpointPicker, round: PickRound, now: UInt64,
      belief: LoadBelief
    ) {
      (self.memory, self.picker, self.round, self.now, self.belief) = (memory, picker, round, now, belief)
    }

    var candidates: UnsafeMutableBufferPointer<PickCandidate> { .init(rebasing: memory[..<count]) }

    /// Takes all endpoints of a small pool; of a large one, one from each of as many parts as there is room for. If nobody
    /// in the sample is fit, somebody else may be: then the pool is searched.
    mutating func fill(except tried: [Int], seed: UInt64) {
      let all = round.pool.states.count
      let size = EndpointPicker.sampleSize
      guard all > size else {
        for place in 0..<all { take(place, except: tried) }
        return
      }
      // The parts are of unequal size; where the first begins is drawn, so that each endpoint has the same chance.
      let start = Int(seed % UInt64(all))
      for part in 0..<size {
        let (lower, upper) = (part * all / size, (part + 1) * all / size)
        let drawn = lower + Int(EndpointPicker.mixed(seed, -2 - part) % UInt64(upper - lower))
        take((start + drawn) % all, except: tried)
      }
      if !hasFit { search(from: start, except: tried) }
    }

    private mutating func take(_ place: Int, except tried: [Int]) {
      guard !tried.contains(place) else { return }
      add(candidate(place))
    }

    private mutating func search(from start: Int, except tried: [Int]) {
      let sampled = count
      for step in 0..<round.pool.states.count {
        let place = (start + step) % round.pool.states.count
        guard !tried.contains(place) else { continue }
        let candidate = candidate(place)
        // With the first that is fit, those that are not are of no use; without any, they are better than nobody.
        if candidate.isFit && !hasFit { count = 0 }
        if candidate.isFit || sampled == 0 && !hasFit && count < memory.count { add(candidate) }
        if hasFit && count == memory.count { return }
      }
    }

    private func candidate(_ place: Int) -> PickCandidate {
      var candidate = round.pool.candidate(at: place, now: now, belief: belief)
      if !picker.filters.isEmpty { candidate.isKept = picker.filters.allSatisfy { $0.keeps(candidate, in: round) } }
      return candidate
    }

    private mutating func add(_ candidate: PickCandidate) {
      memory.initializeElement(at: count, to: candidate)
      count += 1
      hasFit = hasFit || candidate.isFit
    }
  }
}
