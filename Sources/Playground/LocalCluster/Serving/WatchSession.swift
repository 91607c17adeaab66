import Foundation
import JSONText
import KubernetesAPI

/// How a watch is to be carried out.
struct WatchPlan: Sendable {
  /// Where a watch begins.
  enum Start: Sendable, Equatable {
    /// With an ADDED event for each object of now; a bookmark marks their end when the client asked for it.
    case currentState(announceEnd: Bool)
    /// With the changes after a version.
    case after(Int64)
  }

  var renderer: ObjectRenderer
  var selection: Selection
  var start: Start
  var bookmarks: Bool
  var timeout: Duration

  var resource: ResourceName { renderer.kind.resource }
}

/// One open watch as a state machine: shown the store whenever something happened, it says what to send.
///
/// It keeps no buffer of its own: a slow client is served from the collection's log, and gets 410 when the log has moved
/// on, as from the real server.
struct WatchSession {
  /// What to send now.
  struct Step {
    var events: [JSONValue] = []
    /// Whether the watch ends after these events.
    var isFinished = false
  }

  private let plan: WatchPlan
  private var cursor: Int64?
  private var columnsSent = false

  init(_ plan: WatchPlan) {
    self.plan = plan
    if case .after(let version) = plan.start { cursor = version }
  }

  /// What happened since the last call, copied out of the store: cheap enough to be done under its lock.
  enum Batch {
    case initial([JSONValue], version: Int64)
    case changes([LogEntry])
    case expired(StatusError)
  }

  mutating func collect(_ store: ObjectStore) -> Batch {
    guard let cursor else {
      self.cursor = store.version
      let objects = store.objects(plan.resource, namespace: plan.selection.namespace)
      return .initial(objects.map(\.value), version: store.version)
    }
    guard let changes = store.changes(plan.resource, after: cursor) else {
      let oldest = store.oldestReplayable(plan.resource)
      return .expired(.expired("too old resource version: \(cursor) (\(oldest))"))
    }
    self.cursor = store.version
    return .changes(Array(changes))
  }

  /// The events to send for what happened.
  mutating func render(_ batch: Batch, now: Date) -> Step {
    switch batch {
    case .initial(let objects, let version): return begin(objects, version, now)
    case .changes(let entries): return Step(events: entries.compactMap { event($0, now) })
    case .expired(let error): return Step(events: [["type": "ERROR", "object": error.body]], isFinished: true)
    }
  }

  /// A bookmark of the present position, where the client allows bookmarks.
  func bookmark() -> JSONValue? {
    guard plan.bookmarks, let cursor else { return nil }
    return ["type": "BOOKMARK", "object": plan.renderer.bookmark(version: cursor, endsInitial: false)]
  }

  private mutating func begin(_ objects: [JSONValue], _ version: Int64, _ now: Date) -> Step {
    var events = objects.filter(plan.selection.matches).map { message("ADDED", $0, now) }
    if plan.start == .currentState(announceEnd: true), plan.bookmarks {
      events.append(["type": "BOOKMARK", "object": plan.renderer.bookmark(version: version, endsInitial: true)])
    }
    return Step(events: events)
  }

  /// An object that begins or ceases to match is added or deleted as far as this client can see.
  private mutating func event(_ entry: LogEntry, _ now: Date) -> JSONValue? {
    let before = entry.previous.map(plan.selection.matches) ?? false
    let after = !entry.deleted && plan.selection.matches(entry.object)
    switch (before, after) {
    case (false, true): return message("ADDED", entry.object, now)
    case (true, true): return message("MODIFIED", entry.object, now)
    case (true, false):
      // The last state that matched, with the version of the change, so that a client resumes after it.
      var last = entry.previous ?? entry.object
      last["metadata", "resourceVersion"] = entry.object["metadata", "resourceVersion"]
      return message("DELETED", last, now)
    case (false, false): return nil
    }
  }

  private mutating func message(_ type: String, _ object: JSONValue, _ now: Date) -> JSONValue {
    defer { columnsSent = true }
    return ["type": .string(type), "object": plan.renderer.single(object, columns: !columnsSent, at: now)]
  }
}
