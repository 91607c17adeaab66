import KubernetesAPI
import KubernetesClient
import Synchronization
import Translation

/// What the status writer's loop and its writes share.
final class StatusWriterState: Sendable {
  typealias Queue = StatusQueue<StatusKey, DesiredStatus>

  /// The end of a write: until the watch brings it, the store still has an object from before.
  struct Written<R: Resource>: Sendable {
    /// The versions that our writes in a row went over, oldest first: one of them is what the store still has.
    var superseded: [String]
    /// What the server made of the last one.
    var result: R
    /// What the status ought to have said.
    var desired: DesiredStatus

    /// The write that follows on what the store has, which `previous` may have gone over already.
    init(after previous: Written?, stored: R, result: R, desired: DesiredStatus) {
      if let previous, let place = previous.place(of: stored) {
        superseded = previous.superseded[place...] + [previous.result.metadata.resourceVersion].compactMap(\.self)
      } else {
        superseded = [stored.metadata.resourceVersion].compactMap(\.self)
      }
      self.result = result
      self.desired = desired
    }

    /// Whether the object is one that this chain of writes went over.
    func isNewer(than stored: R) -> Bool { place(of: stored) != nil }

    private func place(of stored: R) -> Int? {
      stored.metadata.resourceVersion.flatMap { superseded.firstIndex(of: $0) }
    }
  }

  private struct Memory {
    var queue: Queue = {
      var configuration = Queue.Configuration()
      configuration.isOnlyNumbers = { $1.saysTheSameButForNumbers(as: $0) }
      return Queue(configuration: configuration)
    }()
    var written: [StatusKey: any Sendable] = [:]
    var gateways = OwnGateways()
    /// Objects whose list has no place for all our entries.
    var full: Set<StatusKey> = []
    /// The mistakes of ConfigMaps that were told.
    var mistakes: [ObjectKey: [String]] = [:]
    /// The objects that do not decode, of which was told.
    var undecodable: [UndecodableObject] = []
  }

  private let memory = Mutex(Memory())

  /// Takes a new report.
  ///
  /// - Parameter version: the version of an object in its store; `nil` if it is not there.
  func submit(_ report: StatusReport, version: (StatusKey) -> String?) {
    let gateways = memory.withLock { memory in
      memory.gateways.serve(Set(report.gateways.keys).subtracting(report.leftGateways))
      return memory.gateways
    }
    var wishes: [StatusKey: Queue.Wish] = [:]
    for (key, desired) in report.desired(gateways: gateways) {
      wishes[key] = Queue.Wish(desired: desired, version: version(key))
    }
    memory.withLock { memory in
      memory.queue.submit(wishes)
      memory.written = memory.written.filter { wishes[$0.key] != nil }
      memory.full = memory.full.filter { wishes[$0] != nil }
    }
  }

  /// Takes the mistakes of all ConfigMaps. Returns those that were not there before, sorted.
  func newMistakes(_ mistakes: [ObjectKey: [String]]) -> [(key: ObjectKey, mistake: String)] {
    memory.withLock { memory in
      let told = memory.mistakes
      memory.mistakes = mistakes
      return mistakes.sorted { $0.key < $1.key }.flatMap { key, texts in
        texts.filter { told[key]?.contains($0) != true }.map { (key, $0) }
      }
    }
  }

  /// Takes all objects that do not decode. Returns those of which something else, or nothing, was told before.
  func newUndecodable(_ objects: [UndecodableObject]) -> [UndecodableObject] {
    memory.withLock { memory in
      defer { memory.undecodable = objects }
      return objects.filter { !memory.undecodable.contains($0) }
    }
  }

  func take(now: UInt64) -> [(key: StatusKey, desired: DesiredStatus)] { memory.withLock { $0.queue.take(now: now) } }

  var nextDue: UInt64? { memory.withLock { $0.queue.nextDue } }

  func finished(_ key: StatusKey, outcome: Queue.Outcome, now: UInt64) {
    memory.withLock { $0.queue.finished(key, outcome: outcome, now: now) }
  }

  /// Notes whether an object's list has no place for all our entries. Returns whether that is news to tell.
  func setFull(_ isFull: Bool, _ key: StatusKey) -> Bool {
    memory.withLock { memory in
      guard isFull else {
        memory.full.remove(key)
        return false
      }
      return memory.full.insert(key).inserted
    }
  }

  func remember<R: Resource>(_ written: Written<R>, of key: StatusKey) {
    memory.withLock { $0.written[key] = written }
  }

  /// The object as our own last write left it, if the store does not have that yet.
  func newest<R: Resource>(_ stored: R, of key: StatusKey) -> R {
    written(R.self, of: key).flatMap { $0.isNewer(than: stored) ? $0.result : nil } ?? stored
  }

  func written<R: Resource>(_ type: R.Type, of key: StatusKey) -> Written<R>? {
    memory.withLock { $0.written[key] as? Written<R> }
  }
}
