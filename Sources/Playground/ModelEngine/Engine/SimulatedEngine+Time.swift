// What happens when: steps that end, a model that is loaded, outages.
extension SimulatedEngine {
  var phase: EngineScrape.Phase {
    if now < downUntil { return .failed }
    return now < configuration.coldStart.readyAt ? .loading : .serving
  }

  /// When something happens, also to an engine with nothing to do.
  var dueTime: Nanoseconds? {
    var due = step?.ends
    let ready = configuration.coldStart.readyAt
    // What waits while no step runs waits for the model.
    if step == nil, waitingCount > 0, now < ready { due = ready }
    guard let outage = outages.last else { return due }
    return min(due ?? .max, max(now, outage.begin))
  }

  mutating func happen(at due: Nanoseconds, _ events: inout [EngineEvent]) {
    now = max(now, due)
    if let ended = step, ended.ends <= now {
      step = nil
      finish(ended, &events)
      beginStep(&events)
    } else if let outage = outages.last, outage.begin <= now {
      outages.removeLast()
      fail(outage, &events)
    } else {
      beginStep(&events)
    }
  }

  mutating func fail(_ outage: EngineOutage, _ events: inout [EngineEvent]) {
    step = nil
    while let slot = running.first { end(slot, as: .error, &events) }
    for adapter in adapters.items.indices {
      while let slot = adapters.items[adapter].waiting.first { end(slot, as: .error, &events) }
    }
    pool.evictIdle()
    forgetResidentAdapters()
    downUntil = max(downUntil, outage.end ?? .max)
  }
}
