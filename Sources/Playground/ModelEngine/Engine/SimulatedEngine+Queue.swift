// The queue: who is let in, who is next, and who has no LoRA slot.
extension SimulatedEngine {
  func rejection(of requests: some Collection<EngineRequest>) -> RejectionReason? {
    switch phase {
    case .failed: return .failed
    case .loading where configuration.coldStart.admission == .refuse: return .loading
    case .loading, .serving: break
    }
    let longest = min(limits.contextLength, limits.cacheTokens)
    if requests.contains(where: { $0.promptTokens > longest - $0.maxTokens }) { return .tooLong }
    if let most = limits.maxQueuedRequests, openCount + requests.count > most { return .queuedRequests }
    if let most = limits.maxQueuedTokens, queuedTokens >= most { return .queuedTokens }
    return nil
  }

  mutating func enqueue(_ request: EngineRequest) {
    precondition(slots[request.id] == nil, "sequence \(request.id) is open; give each one an id of its own")
    highestOrder += 1
    let adapter = adapterSlot(request.adapter)
    let slot = sequences.insert(
      EngineSequence(request: request, adapter: adapter, arrival: now, order: highestOrder))
    slots[request.id] = slot
    adapters.items[adapter].waiting.append(slot, in: &sequences.items)
    waitingCount += 1
    queuedTokens += request.promptTokens
    counters.accepted += 1
  }

  /// The waiting sequence that is next: the oldest one that has, or could have, a LoRA slot.
  mutating func nextWaiting() -> Int? {
    var next: Int?
    for adapter in adapters.items.indices where isServable(adapter) {
      guard let first = adapters.items[adapter].waiting.first else { continue }
      if let best = next, sequences.items[best].order < sequences.items[first].order { continue }
      next = first
    }
    return next
  }

  /// Whether sequences of an adapter may run: the base model's always.
  private func isServable(_ adapter: Int) -> Bool {
    adapter == 0 || adapters.items[adapter].running > 0 || activeAdapters < max(1, limits.maxLoras)
  }

  var deferredCount: Int {
    adapters.items.indices.reduce(0) { $0 + (isServable($1) ? 0 : adapters.items[$1].waiting.count) }
  }

  private mutating func adapterSlot(_ id: AdapterID?) -> Int {
    guard let id else { return 0 }
    if let known = adapterSlots[id] { return known }
    let slot = adapters.insert(AdapterState(id: id))
    adapterSlots[id] = slot
    return slot
  }

  mutating func releaseIfUnused(_ adapter: Int) {
    guard let id = adapters.items[adapter].id, adapters.items[adapter].isUnused else { return }
    adapterSlots[id] = nil
    adapters.remove(adapter, leaving: AdapterState())
  }

  /// Counts a sequence of an adapter as running; `true` when the adapter has to be brought onto the accelerator first.
  mutating func startUsing(_ adapter: Int) -> Bool {
    guard adapter > 0 else { return false }
    if adapters.items[adapter].running == 0 { activeAdapters += 1 }
    adapters.items[adapter].running += 1
    adapterUses += 1
    adapters.items[adapter].lastUse = adapterUses
    if adapters.items[adapter].isResident { return false }
    makeRoomForAdapter()
    adapters.items[adapter].isResident = true
    residentAdapters += 1
    return true
  }

  mutating func stopUsing(_ adapter: Int) {
    guard adapter > 0 else { return }
    adapters.items[adapter].running -= 1
    if adapters.items[adapter].running == 0 { activeAdapters -= 1 }
  }

  /// The adapter that has not been used for longest leaves; one that runs stays.
  private mutating func makeRoomForAdapter() {
    guard residentAdapters >= max(1, limits.maxLoras) else { return }
    let idle = adapters.items.indices.filter { adapters.items[$0].isResident && adapters.items[$0].running == 0 }
    guard let oldest = idle.min(by: { adapters.items[$0].lastUse < adapters.items[$1].lastUse }) else { return }
    adapters.items[oldest].isResident = false
    residentAdapters -= 1
    releaseIfUnused(oldest)
  }

  mutating func forgetResidentAdapters() {
    for adapter in adapters.items.indices where adapters.items[adapter].isResident {
      adapters.items[adapter].isResident = false
      releaseIfUnused(adapter)
    }
    residentAdapters = 0
  }
}
