import ModelEngine
import NIOCore
import Synchronization

/// Drives a ``SimulatedEngine`` in real time with one timer, which idle engines do not have.
final class Engine: Sendable {
  /// How far a sequence is.
  struct Progress: Sendable, Equatable {
    /// Tokens generated so far.
    var tokens: Int
    /// Whether the last of them is new.
    var isToken: Bool
    /// Why it has ended.
    var finish: FinishReason?
  }

  /// The sequences of one HTTP request and what they do; `index` is the choice.
  struct Generation: Sendable {
    var ids: [UInt64]
    var events: AsyncStream<(index: Int, progress: Progress)>
  }

  private struct Sink {
    var index: Int
    var group: UInt64
  }

  private struct Group {
    var open: Int
    var continuation: AsyncStream<(index: Int, progress: Progress)>.Continuation
  }

  private struct Alarm {
    var time: Nanoseconds
    var timer: Scheduled<Void>
  }

  private struct State {
    var machine: SimulatedEngine
    var events: [EngineEvent] = []
    var sinks: [UInt64: Sink] = [:]
    var groups: [UInt64: Group] = [:]
    var adapterNames: [AdapterID: String] = [:]
    var nextID: UInt64 = 1
    var alarm: Alarm?
    var stopped = false
  }

  private let state: Mutex<State>
  private let loop: any EventLoop
  private let started = NIODeadline.now()

  /// An engine that starts now; its timer runs on an event loop.
  init(_ configuration: EngineConfiguration, on loop: any EventLoop) {
    var configuration = configuration
    configuration.keepsHistograms = true
    configuration.tokenEvents = .every
    state = Mutex(State(machine: SimulatedEngine(configuration)))
    self.loop = loop
  }

  private var now: Nanoseconds { Nanoseconds((NIODeadline.now() - started).nanoseconds) }

  /// The engine at this moment, for the metrics.
  var snapshot: EngineSnapshot {
    update { state, _ in
      let scrape = state.machine.scrape
      let names = state.adapterNames
      return EngineSnapshot(
        limits: state.machine.configuration.limits, scrape: scrape,
        histograms: state.machine.histograms ?? EngineHistograms(),
        runningAdapters: scrape.runningAdapters.compactMap { names[$0] }.sorted(),
        waitingAdapters: scrape.waitingAdapters.compactMap { names[$0] }.sorted())
    }
  }

  /// Queues the sequences of one request, all or none; their ids are assigned here.
  ///
  /// - Throws: why the engine does not take them.
  func generate(_ requests: [EngineRequest], adapter: String?) throws(ServiceError) -> Generation {
    // A sequence has at most one event a token and one for its end, so nothing is ever dropped.
    let bound = requests.reduce(0) { $0 + $1.maxTokens + 1 }
    let (events, continuation) = AsyncStream<(index: Int, progress: Progress)>
      .makeStream(bufferingPolicy: .bufferingOldest(bound))
    let taken: Result<[UInt64], ServiceError> = update { state, now in
      guard !state.stopped else { return .failure(.stopping) }
      let group = state.nextID
      var requests = requests
      for index in requests.indices {
        requests[index].id = state.nextID
        state.nextID += 1
      }
      let before = state.machine.counters.accepted
      state.machine.submit(requests, at: now, into: &state.events)
      guard state.machine.counters.accepted > before else {
        return .failure(Self.refusal(in: state.events, of: group))
      }
      for (index, request) in requests.enumerated() { state.sinks[request.id] = Sink(index: index, group: group) }
      state.groups[group] = Group(open: requests.count, continuation: continuation)
      if let adapter, let id = requests.first?.adapter { state.adapterNames[id] = adapter }
      return .success(requests.map(\.id))
    }
    return Generation(ids: try taken.get(), events: events)
  }

  /// Ends sequences early, when nobody waits for them any more. Finished ones are left alone.
  func abort(_ ids: [UInt64]) {
    update { state, now in
      for id in ids { state.machine.cancel(id, at: now, into: &state.events) }
    }
  }

  /// Ends every open sequence as aborted and accepts no more.
  func stop() {
    update { state, now in
      state.stopped = true
      for id in state.sinks.keys.sorted() { state.machine.cancel(id, at: now, into: &state.events) }
    }
  }
}

extension Engine {
  /// Brings the machine to this moment, changes it, tells what happened and sets the timer to what comes next.
  private func update<Value: Sendable>(_ change: (inout State, Nanoseconds) -> Value) -> Value {
    state.withLock { state in
      // Taken under the lock, so that moments come in their order.
      let now = now
      state.machine.advance(to: now, into: &state.events)
      let value = change(&state, now)
      Self.deliver(&state)
      setAlarm(&state)
      return value
    }
  }

  private func setAlarm(_ state: inout State) {
    let time = state.machine.nextEventTime
    guard time != state.alarm?.time else { return }
    state.alarm?.timer.cancel()
    state.alarm = time.map { time in
      let deadline = started + .nanoseconds(Int64(time))
      return Alarm(time: time, timer: loop.scheduleTask(deadline: deadline) { [weak self] in self?.ring() })
    }
  }

  private func ring() {
    update { state, _ in state.alarm = nil }
  }

  /// Yielding only queues the progress for its reader, so it is cheap enough to do under the lock, which keeps the
  /// order.
  private static func deliver(_ state: inout State) {
    let events = state.events
    state.events.removeAll(keepingCapacity: true)
    for (position, event) in events.enumerated() {
      switch event.kind {
      case .token(let count):
        // The end of a whole answer follows its last token directly; both are one piece of it.
        if position + 1 < events.count, isWholeEnd(events[position + 1], of: event.id) { continue }
        tell(event.id, Progress(tokens: count, isToken: true), &state)
      case .finished(let reason, let tokens):
        tell(event.id, Progress(tokens: tokens, isToken: reason.isWhole, finish: reason), &state)
      case .admitted, .preempted, .rejected: break
      }
    }
    if state.groups.isEmpty { state.adapterNames.removeAll() }
  }

  private static func isWholeEnd(_ event: EngineEvent, of id: UInt64) -> Bool {
    guard event.id == id, case .finished(let reason, _) = event.kind else { return false }
    return reason.isWhole
  }

  private static func tell(_ id: UInt64, _ progress: Progress, _ state: inout State) {
    guard let sink = state.sinks[id], var group = state.groups[sink.group] else { return }
    group.continuation.yield((sink.index, progress))
    guard progress.finish != nil else { return }
    state.sinks[id] = nil
    group.open -= 1
    state.groups[sink.group] = group
    if group.open == 0 {
      group.continuation.finish()
      state.groups[sink.group] = nil
    }
  }

  private static func refusal(in events: [EngineEvent], of id: UInt64) -> ServiceError {
    for event in events where event.id == id {
      if case .rejected(let reason) = event.kind { return .refused(reason) }
    }
    return .stopping
  }
}

/// What the metrics page is made from.
struct EngineSnapshot: Sendable {
  var limits: EngineLimits
  var scrape: EngineScrape
  var histograms: EngineHistograms
  /// Names of adapters, ascending.
  var runningAdapters: [String]
  var waitingAdapters: [String]
}
