public import KubernetesAPI
import Synchronization

/// What happened to the objects of one kind.
public enum StoreChange<R: Resource>: Sendable {
  /// A full list: exactly these objects exist, and those that do not decode.
  case replaceAll([R], undecodable: [UndecodableObject] = [])
  /// The object is new or changed.
  case upsert(R)
  /// The object is gone, or no longer in scope.
  case remove(ObjectKey)
  /// The object does not decode: what was last known of it stays, marked.
  case mark(UndecodableObject)
}

/// The last seen objects of one kind.
///
/// An object whose newest state does not decode stays as it was last seen, if it was, and is marked
/// (``undecodable``): what cannot be read is not what is not there.
public final class Store<R: Resource>: Sendable {
  private struct Contents {
    var objects: [ObjectKey: R]
    var marks: [ObjectKey: UndecodableObject]

    /// Takes a change of one object. Returns whether anything differs.
    mutating func apply(_ change: StoreChange<R>) -> Bool {
      switch change {
      case .replaceAll: return false
      case .upsert(let object):
        let wasMarked = marks.removeValue(forKey: object.key) != nil
        return !Store.isSame(objects.updateValue(object, forKey: object.key), object) || wasMarked
      case .remove(let key):
        let wasMarked = marks.removeValue(forKey: key) != nil
        return objects.removeValue(forKey: key) != nil || wasMarked
      case .mark(let object):
        return marks.updateValue(object, forKey: object.key) != object
      }
    }
  }

  private let contents = Mutex<Contents?>(nil)
  private let signal: ChangeSignal

  /// An empty store that rings `signal`.
  public init(signal: ChangeSignal = ChangeSignal()) {
    self.signal = signal
  }

  /// All objects at one moment; `nil` until the first full list, when nothing can be said yet.
  public var snapshot: [ObjectKey: R]? {
    contents.withLock { $0?.objects }
  }

  /// Whether a full list has come.
  public var isSynced: Bool {
    contents.withLock { $0 != nil }
  }

  /// The objects whose newest state does not decode, in order of their names.
  public var undecodable: [UndecodableObject] {
    contents.withLock { $0?.marks.values.sorted { $0.key < $1.key } ?? [] }
  }

  /// Whether the newest state of an object does not decode.
  public func isMarked(_ key: ObjectKey) -> Bool {
    contents.withLock { $0?.marks[key] != nil }
  }

  /// Takes a change and rings if anything but the resourceVersion differs from before. Returns whether it rang.
  ///
  /// An object of which only the resourceVersion differs changed in what we do not read, as nodes do with each
  /// heartbeat. It is stored all the same: whoever writes needs its version.
  ///
  /// Single changes before the first full list are refused: they would make half a picture look whole.
  @discardableResult
  public func apply(_ change: StoreChange<R>) -> Bool {
    let differs = contents.withLock { contents -> Bool in
      if case .replaceAll(let list, let undecodable) = change {
        let fresh = Self.contents(list, undecodable, after: contents)
        defer { contents = fresh }
        return contents?.marks != fresh.marks || !Self.isSame(contents?.objects, fresh.objects)
      }
      return contents?.apply(change) ?? false
    }
    if differs { signal.ring() }
    return differs
  }

  private static func contents(
    _ list: [R], _ undecodable: [UndecodableObject], after old: Contents?
  ) -> Contents {
    var fresh = Contents(
      objects: Dictionary(list.map { ($0.key, $0) }, uniquingKeysWith: { _, later in later }), marks: [:])
    for object in undecodable where !object.key.name.isEmpty {
      fresh.marks[object.key] = object
      fresh.objects[object.key] = old?.objects[object.key]
    }
    return fresh
  }

  fileprivate static func isSame(_ old: R?, _ new: R) -> Bool {
    guard var old else { return false }
    old.metadata.resourceVersion = new.metadata.resourceVersion
    return old == new
  }

  private static func isSame(_ old: [ObjectKey: R]?, _ new: [ObjectKey: R]) -> Bool {
    guard let old, old.count == new.count else { return false }
    return new.allSatisfy { isSame(old[$0.key], $0.value) }
  }
}
