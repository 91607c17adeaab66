import KubernetesAPI
import KubernetesClient
import Logging
import Synchronization
import Translation

/// The watches of one kind whose objects are asked for by name: one watch an object, begun when something refers to it and
/// ended when nothing does.
final class NamedWatches<R: Resource>: Sendable {
  /// One object's watch.
  struct Entry: Sendable {
    let key: ObjectKey
    let store: Store<R>
    let problems: KindProblems
    /// Ends when nothing refers to the object any more.
    let whileWanted: AsyncStream<Void>
    fileprivate let end: AsyncStream<Void>.Continuation
    private let metadataOnly: Bool

    fileprivate init(_ key: ObjectKey, signal: ChangeSignal, metadataOnly: Bool) {
      self.key = key
      self.metadataOnly = metadataOnly
      store = Store(signal: signal)
      // What cannot be read is news: nobody has to wait for it any longer.
      problems = KindProblems(onChange: { _ in signal.ring() })
      (whileWanted, end) = AsyncStream.makeStream(of: Void.self)
    }

    /// The object alone: a server that lets this account read no other then agrees.
    var scope: WatchScope {
      var scope = WatchScope(key)
      scope.metadataOnly = metadataOnly
      return scope
    }
  }

  private struct State {
    var entries: [ObjectKey: Entry] = [:]
    var toBegin: [Entry] = []
  }

  private let state = Mutex(State())
  private let signal: ChangeSignal
  private let metadataOnly: Bool
  private let bell = ChangeSignal()

  /// - Parameters:
  ///   - signal: rings when an object changed, or is found to be unreadable.
  ///   - metadataOnly: whether nothing but the objects' metadata is asked for.
  init(signal: ChangeSignal, metadataOnly: Bool = false) {
    self.signal = signal
    self.metadataOnly = metadataOnly
  }

  /// Watches these objects and no others. Returns what is known of them.
  func follow(_ names: Set<ObjectKey>) -> NamedObjects<R> {
    let (isNew, entries) = state.withLock { state in
      for (key, entry) in state.entries where !names.contains(key) {
        entry.end.finish()
        state.entries[key] = nil
      }
      state.toBegin.removeAll { !names.contains($0.key) }
      let new = names.subtracting(state.entries.keys).sorted().map {
        Entry($0, signal: signal, metadataOnly: metadataOnly)
      }
      for entry in new { state.entries[entry.key] = entry }
      state.toBegin += new
      return (!new.isEmpty, state.entries)
    }
    if isNew { bell.ring() }
    return known(entries)
  }

  /// Runs `watch` for each object that is followed, for as long as it is.
  func run(_ watch: @escaping @Sendable (Entry) async throws -> Void) async throws {
    try await withThrowingDiscardingTaskGroup { group in
      for await _ in bell.rings() {
        let entries = state.withLock { state in
          defer { state.toBegin = [] }
          return state.toBegin
        }
        for entry in entries { group.addTask { try await Self.run(watch, entry) } }
      }
    }
  }

  /// What the objects wait for of which nothing is known yet, in words for people.
  var waiting: [String] {
    known(state.withLock { $0.entries }).unknown.sorted().map {
      "\(R.type.kind) \($0): the server has not answered yet"
    }
  }

  private static func run(_ watch: @escaping @Sendable (Entry) async throws -> Void, _ entry: Entry) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await watch(entry) }
      group.addTask { for await _ in entry.whileWanted {} }
      try await group.next()
      group.cancelAll()
    }
  }

  private func known(_ entries: [ObjectKey: Entry]) -> NamedObjects<R> {
    var known = NamedObjects<R>()
    for (key, entry) in entries {
      if let objects = entry.store.snapshot {
        known.found[key] = objects[key]
      } else if let problem = entry.problems[R.type] {
        known.unreadable[key] = problem
      } else {
        known.unknown.insert(key)
      }
    }
    return known
  }
}

extension WatchScope {
  /// One object alone.
  init(_ object: ObjectKey) {
    self.init(
      namespace: object.namespace.isEmpty ? nil : object.namespace, fieldSelector: "metadata.name=\(object.name)")
  }
}
