import KubernetesAPI
import KubernetesClient

/// Decides whether a note becomes a new Event or counts up one that is there. Does no I/O.
///
/// The same note about the same object within ten minutes is one Event with a count, so that something that comes and
/// goes does not fill the cluster's store.
struct EventBook: Sendable {
  /// What to ask of the API server.
  enum Write: Equatable, Sendable {
    case create(Event)
    /// Set `count` and `lastTimestamp` of this Event.
    case countUp(ObjectKey, count: Int, last: Timestamp, otherwise: Event)
  }

  private struct Series {
    var name: String
    var count: Int
    var lastSeconds: Int64
  }

  private struct Key: Hashable {
    var object: ObjectReference.Identity
    var note: EventNote
  }

  private let component: String
  private let window: Int64
  private let limit: Int
  private var series: [Key: Series] = [:]

  /// - Parameters:
  ///   - component: what `kubectl describe` shows in the column `From`.
  ///   - window: how long a series is continued, in seconds.
  ///   - limit: how many series are remembered.
  init(component: String = "switchyard", window: Int64 = 600, limit: Int = 1024) {
    self.component = component
    self.window = window
    self.limit = limit
  }

  /// What to write for a note about an object at this time (seconds since 1970).
  ///
  /// - Parameter suffix: makes the name of a new Event unique.
  mutating func record(_ note: EventNote, about object: ObjectReference, at seconds: Int64, suffix: String) -> Write {
    let key = Key(object: object.identity, note: note)
    let now = Timestamp(secondsSince1970: seconds)
    let name = "\((object.name ?? "").prefix(200)).\(suffix)"
    var event = event(note, about: object, name: name, now: now)
    if var known = series[key], seconds - known.lastSeconds <= window {
      known.count += 1
      known.lastSeconds = seconds
      series[key] = known
      event.metadata.name = known.name
      return .countUp(event.key, count: known.count, last: now, otherwise: event)
    }
    makeRoom(at: seconds)
    series[key] = Series(name: name, count: 1, lastSeconds: seconds)
    return .create(event)
  }

  /// Old series go first; if none is old, all go, and the next notes start new Events.
  private mutating func makeRoom(at seconds: Int64) {
    guard series.count >= limit else { return }
    series = series.filter { seconds - $0.value.lastSeconds <= window }
    if series.count >= limit { series = [:] }
  }

  private func event(_ note: EventNote, about object: ObjectReference, name: String, now: Timestamp) -> Event {
    // Events about objects without a namespace live in `default`, as those of Kubernetes' own components do.
    let namespace = object.namespace.flatMap { $0.isEmpty ? nil : $0 } ?? "default"
    return Event(
      metadata: ObjectMeta(name: name, namespace: namespace), involvedObject: object, reason: note.reason,
      message: String(note.message.prefix(1000)), type: note.type, source: EventSource(component: component),
      firstTimestamp: now, lastTimestamp: now, count: 1)
  }
}

extension ObjectReference {
  /// What makes two references mean the same object.
  struct Identity: Hashable, Sendable {
    var uid: String?
    var kind: String?
    var namespace: String?
    var name: String?
  }

  var identity: Identity { Identity(uid: uid, kind: kind, namespace: namespace, name: name) }

  /// A reference to an object that does not decode.
  init(to object: UndecodableObject) {
    let namespace = object.key.namespace
    self.init(
      apiVersion: object.type.apiVersion, kind: object.type.kind, namespace: namespace.isEmpty ? nil : namespace,
      name: object.key.name, uid: object.uid)
  }

  /// A reference to an object.
  init<R: Resource>(to object: R) {
    let namespace = object.metadata.namespace
    self.init(
      apiVersion: R.type.apiVersion, kind: R.type.kind, namespace: namespace.isEmpty ? nil : namespace,
      name: object.metadata.name, uid: object.metadata.uid, resourceVersion: object.metadata.resourceVersion)
  }
}
