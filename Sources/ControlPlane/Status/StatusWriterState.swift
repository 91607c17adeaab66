import KubernetesAPI
import Synchronization

/// What the status writer's loop and its writes share.
final class StatusWriterState: Sendable {
  /// The end of a write: until the watch brings it, the store still has the object from before.
  struct Written<R: Resource>: Sendable {
    /// The version of the object that was written over.
    var basedOn: String?
    /// What the server made of it.
    var result: R
    /// What the status ought to have said.
    var desired: DesiredStatus
  }

  private struct Memory {
    var queue = StatusQueue<StatusKey, DesiredStatus>()
    var written: [StatusKey: any Sendable] = [:]
  }

  private let memory = Mutex(Memory())

  func submit(_ desired: [StatusKey: DesiredStatus]) {
    memory.withLock { memory in
      memory.queue.submit(desired)
      for key in memory.written.keys where desired[key] == nil { memory.written[key] = nil }
    }
  }

  func take(now: UInt64) -> [(key: StatusKey, desired: DesiredStatus)] { memory.withLock { $0.queue.take(now: now) } }

  var nextDue: UInt64? { memory.withLock { $0.queue.nextDue } }

  func finished(_ key: StatusKey, outcome: StatusQueue<StatusKey, DesiredStatus>.Outcome, now: UInt64) {
    memory.withLock { $0.queue.finished(key, outcome: outcome, now: now) }
  }

  func remember<R: Resource>(_ written: Written<R>, of key: StatusKey) {
    memory.withLock { $0.written[key] = written }
  }

  func written<R: Resource>(_ type: R.Type, of key: StatusKey) -> Written<R>? {
    memory.withLock { $0.written[key] as? Written<R> }
  }
}
