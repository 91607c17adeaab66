/// The KV cache as blocks: private ones of a sequence, and shared ones that later requests with the same prefix reuse.
///
/// Shared blocks nobody uses stay until their space is needed, least recently used first, as in vLLM.
struct KVBlockPool: Sendable {
  private struct Shared {
    var references = 0
    var released: UInt64 = 0
  }

  let capacity: Int
  private var shared: [UInt64: Shared] = [:]
  private var privateCount = 0
  private var referencedCount = 0
  private var releases: UInt64 = 0
  /// Released blocks, oldest first. Entries of blocks in use again are skipped when met.
  private var evictionOrder: [(hash: UInt64, released: UInt64)] = []
  private var evictionHead = 0

  init(capacity: Int) { self.capacity = capacity }

  /// Blocks that hold data of running sequences.
  var inUse: Int { privateCount + referencedCount }
  var free: Int { capacity - inUse }
  /// Share of the cache in use, 0…1.
  var usage: Double { Double(inUse) / Double(capacity) }

  /// How many blocks at the start of the chain are cached, and how many of them would newly count as in use.
  func leadingHits(_ chain: ArraySlice<UInt64>) -> (hits: Int, idle: Int) {
    var hits = 0
    var idle = 0
    for hash in chain {
      guard let block = shared[hash] else { break }
      hits += 1
      if block.references == 0 { idle += 1 }
    }
    return (hits, idle)
  }

  /// Takes references on cached blocks; call with what ``leadingHits(_:)`` found.
  mutating func reference(_ hashes: ArraySlice<UInt64>) {
    for hash in hashes {
      if shared[hash]?.references == 0 { referencedCount += 1 }
      shared[hash]?.references += 1
    }
  }

  /// Takes private blocks, evicting idle shared ones; `false` and nothing taken when there are not enough.
  mutating func allocate(_ count: Int) -> Bool {
    guard count <= free else { return false }
    var missing = count - (capacity - privateCount - shared.count)
    while missing > 0, evictOldest() { missing -= 1 }
    privateCount += count
    return true
  }

  /// Makes a private, now full block shareable; `false` when an equal one is cached already and this stays private.
  mutating func share(_ hash: UInt64) -> Bool {
    guard shared[hash] == nil, privateCount > 0 else { return false }
    privateCount -= 1
    referencedCount += 1
    shared[hash] = Shared(references: 1)
    return true
  }

  /// Gives back everything a sequence holds. The end of the chain goes first, so that common beginnings last.
  mutating func release(shared hashes: [UInt64], privateBlocks: Int) {
    privateCount -= privateBlocks
    for hash in hashes.reversed() {
      guard var block = shared[hash] else { continue }
      block.references -= 1
      if block.references == 0 {
        referencedCount -= 1
        releases += 1
        block.released = releases
        evictionOrder.append((hash, releases))
      }
      shared[hash] = block
    }
    compact()
  }

  private mutating func evictOldest() -> Bool {
    while evictionHead < evictionOrder.count {
      let (hash, released) = evictionOrder[evictionHead]
      evictionHead += 1
      guard let block = shared[hash], block.references == 0, block.released == released else { continue }
      shared[hash] = nil
      return true
    }
    return false
  }

  /// Keeps the order proportional to the cache however long the server runs.
  private mutating func compact() {
    guard evictionOrder.count > 2 * capacity + 64 else { return }
    evictionOrder = evictionOrder[evictionHead...].filter { entry in
      guard let block = shared[entry.hash] else { return false }
      return block.references == 0 && block.released == entry.released
    }
    evictionHead = 0
  }
}
