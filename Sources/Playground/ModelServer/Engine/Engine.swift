import Synchronization

/// Drives an ``EngineStateMachine`` in real time. Between requests it sleeps without a timer.
final class Engine: Sendable {
  /// The sequences of one HTTP request and their events; `index` is the choice.
  struct Generation: Sendable {
    var ids: [UInt64]
    var events: AsyncStream<(index: Int, event: EngineEvent)>
  }

  private struct Sink {
    var index: Int
    var group: UInt64
  }

  private struct Group {
    var open: Int
    var continuation: AsyncStream<(index: Int, event: EngineEvent)>.Continuation
  }

  private struct State {
    var machine: EngineStateMachine
    var sinks: [UInt64: Sink] = [:]
    var groups: [UInt64: Group] = [:]
    var nextID: UInt64 = 1
    var stopped = false
  }

  private let state: Mutex<State>
  private let clock = ContinuousClock()
  private let started: ContinuousClock.Instant
  private let bell: AsyncStream<Void>
  private let ring: AsyncStream<Void>.Continuation

  init(parameters: EngineParameters, maxModelLength: Int) {
    state = Mutex(State(machine: EngineStateMachine(parameters: parameters, maxModelLength: maxModelLength)))
    started = clock.now
    (bell, ring) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  private var now: Duration { clock.now - started }

  /// The engine at this moment, for the metrics.
  var snapshot: EngineStateMachine { state.withLock { $0.machine } }

  /// Queues the sequences of one request; their ids are assigned here.
  func generate(_ requests: [EngineRequest]) -> Generation {
    // A sequence has at most one event a token and one for an abort, so nothing is ever dropped.
    let bound = requests.reduce(0) { $0 + $1.maxTokens + 1 }
    let (events, continuation) = AsyncStream<(index: Int, event: EngineEvent)>
      .makeStream(bufferingPolicy: .bufferingOldest(bound))
    let now = now
    let ids = state.withLock { state -> [UInt64] in
      guard !state.stopped, !requests.isEmpty else { return [] }
      let group = state.nextID
      state.groups[group] = Group(open: requests.count, continuation: continuation)
      var ids: [UInt64] = []
      for (index, request) in requests.enumerated() {
        var request = request
        request.id = state.nextID
        state.nextID += 1
        state.sinks[request.id] = Sink(index: index, group: group)
        state.machine.submit(request, at: now)
        ids.append(request.id)
      }
      state.machine.startIfIdle(at: now)
      return ids
    }
    if ids.isEmpty { continuation.finish() }
    ring.yield()
    return Generation(ids: ids, events: events)
  }

  /// Ends sequences early, when nobody waits for them any more. Finished ones are left alone.
  func abort(_ ids: [UInt64]) {
    let now = now
    state.withLock { state in
      for id in ids {
        if let event = state.machine.abort(id, at: now) { Self.deliver(event, &state) }
      }
    }
    ring.yield()
  }

  /// Runs until the task is cancelled; then every open sequence ends as aborted.
  func run() async {
    var rings = bell.makeAsyncIterator()
    while !Task.isCancelled {
      guard let deadline = state.withLock({ $0.machine.nextDeadline }) else {
        guard await rings.next() != nil else { break }
        continue
      }
      // An early wake-up means cancellation, which the loop's condition sees.
      do { try await clock.sleep(until: started + deadline) } catch { break }
      let now = now
      state.withLock { state in
        for event in state.machine.advance(to: now) { Self.deliver(event, &state) }
      }
    }
    stop()
  }

  /// Ends every open sequence as aborted and accepts no more.
  func stop() {
    let now = now
    state.withLock { state in
      state.stopped = true
      for id in state.sinks.keys {
        if let event = state.machine.abort(id, at: now) { Self.deliver(event, &state) }
      }
    }
  }

  /// Yielding only queues the event for its reader, so it is cheap enough to do under the lock, which keeps the order.
  private static func deliver(_ event: EngineEvent, _ state: inout State) {
    guard let sink = state.sinks[event.id], var group = state.groups[sink.group] else { return }
    group.continuation.yield((sink.index, event))
    guard event.finish != nil else { return }
    state.sinks[event.id] = nil
    group.open -= 1
    state.groups[sink.group] = group
    if group.open == 0 {
      group.continuation.finish()
      state.groups[sink.group] = nil
    }
  }
}
