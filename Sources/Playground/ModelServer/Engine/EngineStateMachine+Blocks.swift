// What sequences hold while they run: blocks of the KV cache, and adapters.
extension EngineStateMachine {
  func blocks(for tokens: Int) -> Int { (tokens + parameters.blockSize - 1) / parameters.blockSize }

  mutating func grow(_ id: UInt64, to tokens: Int) -> Bool {
    guard let held = sequences[id]?.heldBlocks else { return false }
    let missing = blocks(for: tokens) - held
    guard missing > 0 else { return true }
    guard pool.allocate(missing) else { return false }
    sequences[id]?.privateBlocks += missing
    return true
  }

  mutating func preempt(_ id: UInt64) {
    guard var sequence = sequences[id] else { return }
    pool.release(shared: sequence.sharedBlocks, privateBlocks: sequence.privateBlocks)
    sequence.sharedBlocks = []
    sequence.privateBlocks = 0
    sequence.computed = 0
    sequence.preemptions += 1
    sequences[id] = sequence
    statistics.preemptions += 1
    running.removeAll { $0 == id }
    waiting.insert(id, at: 0)
  }

  mutating func remove(_ id: UInt64) {
    guard let sequence = sequences.removeValue(forKey: id) else { return }
    pool.release(shared: sequence.sharedBlocks, privateBlocks: sequence.privateBlocks)
    running.removeAll { $0 == id }
    waiting.removeAll { $0 == id }
  }

  /// Brings an adapter onto the accelerator; `true` when it was not there.
  mutating func makeResident(_ adapter: String) -> Bool {
    let known = residentAdapters.firstIndex(of: adapter)
    if let known { residentAdapters.remove(at: known) }
    residentAdapters.append(adapter)
    if residentAdapters.count > max(1, parameters.maxLoras) { residentAdapters.removeFirst() }
    return known == nil
  }

  func isDeferred(_ id: UInt64, active: Set<String>) -> Bool {
    guard let adapter = sequences[id]?.request.adapter else { return false }
    return !active.contains(adapter) && active.count >= max(1, parameters.maxLoras)
  }

  func adapters(of ids: [UInt64]) -> [String] {
    Set(ids.compactMap { sequences[$0]?.request.adapter }).sorted()
  }
}
