/// The KV cache as blocks: private ones of a sequence, and shared ones that later requests with the same prefix reuse.
///
/// Shared blocks nobody uses stay until their space is needed, least recently used first, as in vLLM. Everything takes
/// one step for each block concerned.
struct KVBlockPool: Sendable {
  private struct Block: Linked, Sendable {
    var hash: UInt64 = 0
    var references: Int32 = 0
    var previous: Int32 = -1
    var next: Int32 = -1
  }

  let capacity: Int
  private var blocks = SlotStore<Block>()
  private var slots: [UInt64: Int32] = [:]
  /// Shared blocks without a user, the one to go first at the front.
  private var idle = SlotList()
  private var privateCount = 0

  init(capacity: Int) { self.capacity = capacity }

  /// Blocks that hold data of running sequences.
  var inUse: Int { privateCount + cached - idle.count }
  /// Blocks that a sequence can have, those with data nobody uses included.
  var free: Int { capacity - inUse }
  /// Shared blocks, used or not.
  var cached: Int { slots.count }

  /// How many of the first `limit` blocks of a chain are cached, and how many of them would newly count as in use.
  func leadingHits(_ chain: [UInt64], limit: Int) -> (hits: Int, idle: Int) {
    var hits = 0
    var idle = 0
    while hits < min(limit, chain.count), let slot = slots[chain[hits]] {
      hits += 1
      if blocks.items[Int(slot)].references == 0 { idle += 1 }
    }
    return (hits, idle)
  }

  /// Takes the first `hits` blocks of a chain; call with what ``leadingHits(_:limit:)`` found.
  mutating func take(_ hits: Int, of chain: [UInt64]) -> [Int32] {
    var taken: [Int32] = []
    taken.reserveCapacity(chain.count)
    for hash in chain[..<hits] {
      guard let slot = slots[hash] else { break }
      if blocks.items[Int(slot)].references == 0 { idle.remove(Int(slot), in: &blocks.items) }
      blocks.items[Int(slot)].references += 1
      taken.append(slot)
    }
    return taken
  }

  /// Takes private blocks, evicting idle shared ones; `false` and nothing taken when there are not enough.
  mutating func allocate(_ count: Int) -> Bool {
    guard count <= free else { return false }
    while privateCount + cached + count > capacity, let oldest = idle.first { evict(oldest) }
    privateCount += count
    return true
  }

  /// Makes a private, now full block shared; `nil` when an equal one is cached already and this stays private.
  mutating func share(_ hash: UInt64) -> Int32? {
    guard slots[hash] == nil, privateCount > 0 else { return nil }
    let slot = Int32(blocks.insert(Block(hash: hash, references: 1)))
    slots[hash] = slot
    privateCount -= 1
    return slot
  }

  /// Gives back what a sequence holds. The end of the chain goes first, so that common beginnings last.
  mutating func release(shared: [Int32], privateBlocks: Int) {
    privateCount -= privateBlocks
    for slot in shared.reversed() {
      blocks.items[Int(slot)].references -= 1
      if blocks.items[Int(slot)].references == 0 { idle.append(Int(slot), in: &blocks.items) }
    }
  }

  /// Forgets what nobody uses.
  mutating func evictIdle() {
    while let oldest = idle.first { evict(oldest) }
  }

  private mutating func evict(_ slot: Int) {
    idle.remove(slot, in: &blocks.items)
    slots[blocks.items[slot].hash] = nil
    blocks.remove(slot, leaving: Block())
  }
}
