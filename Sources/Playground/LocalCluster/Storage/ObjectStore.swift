import JSONText

/// What identifies one collection of objects: all versions of a resource share it.
struct ResourceName: Hashable, Sendable {
  var group: String
  var plural: String

  /// `pods` or `inferencepools.inference.networking.k8s.io`, as messages name it.
  var description: String { group.isEmpty ? plural : "\(plural).\(group)" }
}

/// One change in the log of a collection.
struct LogEntry: Sendable {
  var version: Int64
  var key: String
  /// The object before the change; `nil` when it was created.
  var previous: JSONValue?
  /// The object after the change; for a deletion, its last state with the version of the deletion.
  var object: JSONValue
  var deleted: Bool
  /// The object before the change as it was stored, where it was shown otherwise.
  var previousStored: JSONValue?
  /// Roughly what the change takes in memory.
  let bytes: Int

  init(version: Int64, key: String, previous: JSONValue?, object: JSONValue, deleted: Bool) {
    self.version = version
    self.key = key
    self.previous = previous
    self.object = object
    self.deleted = deleted
    bytes = object.roughSize
  }
}

/// All objects of the cluster in memory, with one rising version and a bounded log of changes for each collection.
///
/// A plain value: no lock, no clock, no file. `ClusterStorage` puts it behind a mutex and writes its changes to disk.
struct ObjectStore: Sendable {
  /// One collection: its objects by `namespace/name` and its recent changes.
  struct Collection: Sendable {
    var objects: [String: JSONValue] = [:]
    /// Objects that are shown otherwise than they were written, since their schema changed: as they were written.
    var stored: [String: JSONValue] = [:]
    var log: [LogEntry] = []
    /// What the objects in the log come to, as they are written.
    var logBytes = 0
    /// Changes up to this version are no longer in the log.
    var compacted: Int64
  }

  /// How many changes of a collection a watch can resume over.
  let logLimit: Int
  /// How many bytes of changes, roughly, a collection keeps.
  let logByteLimit: Int
  /// The version of the last change.
  private(set) var version: Int64
  private(set) var collections: [ResourceName: Collection] = [:]
  /// Where the logs of collections begin: nothing before this can be replayed after a restart.
  private let origin: Int64

  init(version: Int64 = 0, logLimit: Int = 1000, logByteLimit: Int = 16 << 20) {
    self.logByteLimit = logByteLimit
    self.version = version
    self.origin = version
    self.logLimit = logLimit
  }

  /// The key of an object in its collection.
  static func key(_ namespace: String, _ name: String) -> String {
    namespace.isEmpty ? name : "\(namespace)/\(name)"
  }

  /// The collections that hold or held an object, in the order of their names.
  var resources: [ResourceName] { collections.keys.sorted { $0.description < $1.description } }

  /// The object with a key, if there is one.
  func object(_ resource: ResourceName, _ key: String) -> JSONValue? { collections[resource]?.objects[key] }

  /// All objects of a collection, in the order of their keys.
  func objects(_ resource: ResourceName, namespace: String = "") -> [(key: String, value: JSONValue)] {
    let all = collections[resource]?.objects ?? [:]
    let prefix = namespace + "/"
    return all.filter { namespace.isEmpty || $0.key.hasPrefix(prefix) }.sorted { $0.key < $1.key }
  }

  /// Whether a collection has no object, in a namespace or at all.
  func isEmpty(_ resource: ResourceName, namespace: String = "") -> Bool {
    if namespace.isEmpty { return collections[resource]?.objects.isEmpty ?? true }
    let prefix = namespace + "/"
    return !(collections[resource]?.objects.keys.contains { $0.hasPrefix(prefix) } ?? false)
  }

  /// Stores an object under a key with the next version, which is written into its metadata.
  @discardableResult
  mutating func put(_ resource: ResourceName, _ key: String, _ object: JSONValue) -> LogEntry {
    version += 1
    var stored = object
    stored["metadata", "resourceVersion"] = .string(String(version))
    let previous = self.object(resource, key)
    collections[resource, default: Collection(compacted: origin)].objects[key] = stored
    var entry = LogEntry(version: version, key: key, previous: previous, object: stored, deleted: false)
    entry.previousStored = collections[resource]?.stored.removeValue(forKey: key)
    append(entry, to: resource)
    return entry
  }

  /// Removes an object; its last state, with the version of the removal, goes to the log.
  @discardableResult
  mutating func remove(_ resource: ResourceName, _ key: String) -> LogEntry? {
    guard var object = self.object(resource, key) else { return nil }
    let previous = object
    version += 1
    object["metadata", "resourceVersion"] = .string(String(version))
    collections[resource]?.objects[key] = nil
    var entry = LogEntry(version: version, key: key, previous: previous, object: object, deleted: true)
    entry.previousStored = collections[resource]?.stored.removeValue(forKey: key)
    append(entry, to: resource)
    return entry
  }

  /// Takes the newest change back, as if it had never been.
  mutating func undo(_ entry: LogEntry, of resource: ResourceName) {
    guard var collection = collections.removeValue(forKey: resource) else { return }
    collection.objects[entry.key] = entry.previous
    collection.stored[entry.key] = entry.previousStored
    if let last = collection.log.last, last.version == entry.version {
      collection.log.removeLast()
      collection.logBytes -= last.bytes
    }
    collections[resource] = collection
    version = entry.version - 1
  }

  /// An object as it was last written, which is what is kept on disk.
  func storedObject(_ resource: ResourceName, _ key: String) -> JSONValue? {
    collections[resource]?.stored[key] ?? object(resource, key)
  }

  /// Shows an object as its schema now has it; no change that a client could watch, and none that is kept: a field that
  /// the schema has lost comes back with it.
  mutating func refresh(_ resource: ResourceName, _ key: String, _ object: JSONValue) {
    let written = storedObject(resource, key)
    collections[resource]?.objects[key] = object
    collections[resource]?.stored[key] = object == written ? nil : written
  }

  private mutating func append(_ entry: LogEntry, to resource: ResourceName) {
    guard var collection = collections.removeValue(forKey: resource) else { return }
    collection.log.append(entry)
    collection.logBytes += entry.bytes
    if collection.log.count > logLimit || collection.logBytes > logByteLimit { Self.halve(&collection) }
    collections[resource] = collection
  }

  /// Half is dropped at once, so that a busy collection does not shift its log at each change. The newest change stays.
  private static func halve(_ collection: inout Collection) {
    let (count, bytes) = (collection.log.count, collection.logBytes)
    var dropped = 0
    while dropped < count - 1, collection.logBytes > bytes / 2 || count - dropped > count / 2 {
      collection.logBytes -= collection.log[dropped].bytes
      dropped += 1
    }
    guard dropped > 0 else { return }
    collection.compacted = collection.log[dropped - 1].version
    collection.log.removeFirst(dropped)
  }

  /// The oldest version from which changes of a collection can be replayed.
  func oldestReplayable(_ resource: ResourceName) -> Int64 { collections[resource]?.compacted ?? origin }

  /// Changes of a collection after a version; `nil` when they are no longer all in the log.
  func changes(_ resource: ResourceName, after version: Int64) -> ArraySlice<LogEntry>? {
    guard version >= oldestReplayable(resource) else { return nil }
    let log = collections[resource]?.log ?? []
    var low = 0
    var high = log.count
    while low < high {
      let middle = (low + high) / 2
      if log[middle].version <= version { low = middle + 1 } else { high = middle }
    }
    return log[low...]
  }

  /// Takes an object from disk as it is, at start-up.
  mutating func restore(_ resource: ResourceName, _ key: String, _ object: JSONValue?) {
    collections[resource, default: Collection(compacted: origin)].objects[key] = object
  }
}

extension JSONValue {
  /// Roughly the bytes of the value when it is written.
  fileprivate var roughSize: Int {
    switch self {
    case .null, .bool, .integer, .number: 8
    case .string(let text): text.utf8.count + 4
    case .array(let items): items.reduce(2) { $0 + $1.roughSize + 1 }
    case .object(let members): members.reduce(2) { $0 + $1.key.utf8.count + 4 + $1.value.roughSize }
    }
  }
}
