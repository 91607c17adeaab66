import Dispatch
import JSONText
import KubernetesSchema
import Logging
import Synchronization

/// The cluster's state behind one mutex: objects, served kinds, the journal, and the bells of open watches.
final class ClusterStorage: Sendable {
  /// What the mutex guards. Writes go through it, so that each reaches the journal and rings the right bells.
  struct State: Sendable {
    fileprivate(set) var store: ObjectStore
    fileprivate(set) var kinds: KindRegistry
    fileprivate(set) var journal: Journal?
    /// The identities of owners that went in this write.
    var gone: Set<String> = []
    fileprivate var pending: [(resource: ResourceName, entry: LogEntry)] = []
    fileprivate var bells: [Int: (resource: ResourceName, ring: AsyncStream<Void>.Continuation)] = [:]
    fileprivate var nextBell = 0
    fileprivate var closed = false
    fileprivate var isSyncing = false
    fileprivate var lastSweep = -Double.infinity

    @discardableResult
    mutating func put(_ resource: ResourceName, _ key: String, _ object: JSONValue) -> JSONValue {
      let entry = store.put(resource, key, object)
      pending.append((resource, entry))
      return entry.object
    }

    /// Shows an object as its schema now has it.
    mutating func refresh(_ resource: ResourceName, _ key: String, _ object: JSONValue) {
      store.refresh(resource, key, object)
    }

    @discardableResult
    mutating func remove(_ resource: ResourceName, _ key: String) -> JSONValue? {
      guard let entry = store.remove(resource, key) else { return nil }
      pending.append((resource, entry))
      return entry.object
    }
  }

  private let state: Mutex<State>
  private let logger: Logger
  private let disk = DispatchQueue(label: "switchyard.journal")

  /// - Parameter folder: where the objects are kept; `nil` keeps them in memory only.
  /// - Throws: `StorageFailure` when the folder cannot be used or its content cannot be read.
  init(folder: String?, builtIn: [ServedKind], logger: Logger) throws {
    var store = ObjectStore()
    var journal: Journal?
    if let folder {
      let opened = try Journal.open(folder: folder)
      journal = opened.0
      store = opened.1
    }
    var kinds = KindRegistry(builtIn: builtIn)
    let definitions = store.objects(KindRegistry.definitions)
    for (name, definition) in definitions { kinds.update(name, definition, logger: logger) }
    var state = State(store: store, kinds: kinds, journal: journal)
    for (name, _) in definitions { for kind in kinds.kinds(of: name) { state.refreshObjects(of: kind) } }
    self.state = Mutex(state)
    self.logger = logger
  }

  /// Looks at the state at one moment.
  func read<Result, Failure: Error>(_ body: (State) throws(Failure) -> Result) throws(Failure) -> Result {
    try state.withLock { (state) throws(Failure) -> Result in try body(state) }
  }

  /// Changes the state; everything written in one call becomes visible at once and is in the journal when this returns.
  /// After an error nothing has changed.
  func write<Result>(_ body: (inout State) throws(StatusError) -> Result) throws(StatusError) -> Result {
    try state.withLock { (state) throws(StatusError) -> Result in
      defer {
        state.pending.removeAll(keepingCapacity: true)
        state.gone = []
      }
      let result: Result
      do throws(StatusError) {
        result = try body(&state)
        try record(&state)
      } catch {
        for change in state.pending.reversed() { state.store.undo(change.entry, of: change.resource) }
        throw error
      }
      let definitions = Set(state.pending.filter { $0.resource == KindRegistry.definitions }.map(\.entry.key))
      for name in definitions { reload(name, &state) }
      let touched = Set(state.pending.map(\.resource))
      for bell in state.bells.values where touched.contains(bell.resource) { bell.ring.yield() }
      return result
    }
  }

  /// Serves a kind as its definition now says, if that changed.
  private func reload(_ definition: String, _ state: inout State) {
    guard
      state.kinds.update(
        definition, state.store.object(KindRegistry.definitions, definition), logger: logger)
    else { return }
    for kind in state.kinds.kinds(of: definition) { state.refreshObjects(of: kind) }
    // Their watches may have to end.
    for bell in state.bells.values where bell.resource.description == definition { bell.ring.yield() }
  }

  private func record(_ state: inout State) throws(StatusError) {
    guard state.journal != nil, !state.pending.isEmpty else { return }
    do {
      try state.journal?.append(state.pending, from: state.store)
    } catch {
      logger.error("the journal cannot be written", metadata: ["error": "\(error)"])
      throw .internalError("the change was not made, since it cannot be kept: \(error)")
    }
    do {
      if state.journal?.isLong == true { try state.journal?.fold(state.store) }
    } catch {
      // The change is in the journal, which only grows.
      logger.error("the journal cannot be folded", metadata: ["error": "\(error)"])
    }
    sync(&state)
  }

  /// Brings the journal to the disk behind the request's back. What is written meanwhile waits for one more round, so
  /// that a burst costs a few rounds and an idle cluster none.
  private func sync(_ state: inout State) {
    guard !state.isSyncing, let file = state.journal?.file else { return }
    state.isSyncing = true
    disk.async { [self] in
      self.state.withLock { $0.isSyncing = false }
      do { try file.sync() } catch {
        logger.error("the journal is not safe on the disk", metadata: ["error": "\(error)"])
      }
    }
  }

  /// Whether events were not swept for a while; if so, the caller does it now.
  func isSweepDue(_ moment: Double) -> Bool {
    state.withLock { state in
      guard moment - state.lastSweep >= EventExpiry.interval || moment < state.lastSweep else { return false }
      state.lastSweep = moment
      return true
    }
  }

  /// A bell that rings when a collection changes, coalescing; it ends when the storage is closed.
  func subscribe(_ resource: ResourceName) -> (id: Int, bell: AsyncStream<Void>, ring: AsyncStream<Void>.Continuation) {
    let (bell, ring) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let id = state.withLock { state in
      state.nextBell += 1
      if state.closed { ring.finish() } else { state.bells[state.nextBell] = (resource, ring) }
      return state.nextBell
    }
    return (id, bell, ring)
  }

  /// Gives a bell back.
  func unsubscribe(_ id: Int) {
    state.withLock { state in state.bells.removeValue(forKey: id)?.ring.finish() }
  }

  /// Gives the folder back, when the server has ended; what is written from now on is kept in memory only.
  func release() { state.withLock { $0.journal = nil } }

  /// Ends all watches, so that a server that stops does not wait for them.
  func close() {
    state.withLock { state in
      state.closed = true
      for bell in state.bells.values { bell.ring.finish() }
      state.bells = [:]
    }
  }
}
