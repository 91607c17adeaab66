public import KubernetesAPI
import Synchronization

/// What happened to the objects of one kind.
public enum StoreChange<R: Resource>: Sendable {
  /// A full list: exactly these objects exist.
  case replaceAll([R])
  /// The object is new or changed.
  case upsert(R)
  /// The object is gone, or no longer in scope.
  case remove(ObjectKey)
}

/// The last seen objects of one kind.
public final class Store<R: Resource>: Sendable {
  private let objects = Mutex<[ObjectKey: R]?>(nil)
  private let signal: ChangeSignal

  /// An empty store that rings `signal`.
  public init(signal: ChangeSignal = ChangeSignal()) {
    self.signal = signal
  }

  /// All objects at one moment; `nil` until the first full list, when nothing can be said yet.
  public var snapshot: [ObjectKey: R]? {
    objects.withLock { $0 }
  }

  /// Whether a full list has come.
  public var isSynced: Bool {
    objects.withLock { $0 != nil }
  }

  /// Takes a change and rings if anything but the resourceVersion differs from before. Returns whether it rang.
  ///
  /// An object of which only the resourceVersion differs changed in what we do not read, as nodes do with each
  /// heartbeat. It is stored all the same: whoever writes needs its version.
  ///
  /// Single changes before the first full list are refused: they would make half a picture look whole.
  @discardableResult
  public func apply(_ change: StoreChange<R>) -> Bool {
    let differs = objects.withLock { objects -> Bool in
      switch change {
      case .replaceAll(let list):
        let fresh = Dictionary(list.map { ($0.key, $0) }, uniquingKeysWith: { _, later in later })
        defer { objects = fresh }
        return !Self.isSame(objects, fresh)
      case .upsert(let object):
        guard objects != nil else { return false }
        let old = objects?.updateValue(object, forKey: object.key)
        return !Self.isSame(old, object)
      case .remove(let key):
        return objects?.removeValue(forKey: key) != nil
      }
    }
    if differs { signal.ring() }
    return differs
  }

  private static func isSame(_ old: R?, _ new: R) -> Bool {
    guard var old else { return false }
    old.metadata.resourceVersion = new.metadata.resourceVersion
    return old == new
  }

  private static func isSame(_ old: [ObjectKey: R]?, _ new: [ObjectKey: R]) -> Bool {
    guard let old, old.count == new.count else { return false }
    return new.allSatisfy { isSame(old[$0.key], $0.value) }
  }
}
