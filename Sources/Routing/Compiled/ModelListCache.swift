import Synchronization

/// The lists of models that clients of one table have asked for: to make one takes long where there are thousands, and event loops
/// have others to serve.
final class ModelListCache: Sendable {
  /// So many lists are kept, and so many bytes of them: beyond that those go which nobody has asked for the longest time. The newest
  /// stays, whatever it takes.
  static let mostLists = 64
  static let mostBytes = 16 << 20

  /// What lists have in common that are the same.
  struct Key: Hashable {
    private let listener: ObjectIdentifier
    private let asked: [UInt8]

    init(_ listener: CompiledListener, _ asked: [UInt8]) {
      (self.listener, self.asked) = (ObjectIdentifier(listener), asked)
    }

    var bytes: Int { asked.count }
  }

  private struct Entry {
    /// `nil` where there is no model to be had.
    let models: ReachableModels?
    let discovery: Int
    let bytes: Int
    var used: Int
  }

  private struct State {
    var entries: [Key: Entry] = [:]
    var uses = 0
    var bytes = 0
  }

  private let discoveries: DiscoveryCount
  private let state = Mutex(State())

  /// - Parameter discoveries: changes when an endpoint serves other models.
  init(_ discoveries: DiscoveryCount) { self.discoveries = discoveries }

  /// How many lists are kept, and how many bytes of them.
  var size: (lists: Int, bytes: Int) { state.withLock { ($0.entries.count, $0.bytes) } }

  /// The models for a key; `make` is called where they are not known, or not any more.
  func models(_ key: Key, _ make: () -> ReachableModels?) -> ReachableModels? {
    // Before they are looked for: what is discovered meanwhile makes them old.
    let now = discoveries.value
    let known: ReachableModels?? = state.withLock { state in
      state.uses += 1
      guard let entry = state.entries[key], entry.discovery == now else { return nil }
      state.entries[key]?.used = state.uses
      return .some(entry.models)
    }
    if let known { return known }
    let models = make()
    let bytes = key.bytes + (models?.list.count ?? 0)
    state.withLock { Self.insert(Entry(models: models, discovery: now, bytes: bytes, used: $0.uses), key, into: &$0) }
    return models
  }

  private static func insert(_ entry: Entry, _ key: Key, into state: inout State) {
    state.bytes += entry.bytes - (state.entries.updateValue(entry, forKey: key)?.bytes ?? 0)
    while state.entries.count > 1, state.entries.count > mostLists || state.bytes > mostBytes {
      guard let oldest = state.entries.lazy.filter({ $0.key != key }).min(by: { $0.value.used < $1.value.used }) else {
        return
      }
      state.bytes -= oldest.value.bytes
      state.entries[oldest.key] = nil
    }
  }
}

/// How often an endpoint was found to serve other models than before.
final class DiscoveryCount: Sendable {
  private let count = Atomic<Int>(0)

  var value: Int { count.load(ordering: .acquiring) }

  func add() { count.add(1, ordering: .releasing) }
}
