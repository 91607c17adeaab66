import KubernetesAPI
import Translation

/// An entry of a `parents` list: what one controller says of an object at one parent.
protocol ParentEntry: Equatable {
  /// How many entries the API takes in the list.
  static var most: Int { get }
  var parentRef: ParentReference { get set }
  var conditions: [Condition] { get set }
}

extension ParentEntry {
  static var most: Int { StatusReport.maximumParents }
}

extension RouteParentStatus: ParentEntry {}
extension PoolParentStatus: ParentEntry {}

/// A policy's list has another name, and is shorter.
extension PolicyAncestorStatus: ParentEntry {
  static var most: Int { StatusReport.maximumAncestors }

  var parentRef: ParentReference {
    get { ancestorRef }
    set { ancestorRef = newValue }
  }
}

extension StatusMerge {
  /// The whole list as it shall be: entries of others stay where they are, ours are replaced in place, new ones follow,
  /// and ours that are no longer wished for are dropped. The API takes so many entries and refuses the whole status for
  /// one more: ours are cut at the end then, see ``excess(live:desired:isOurs:)``.
  ///
  /// - Parameters:
  ///   - namespace: the object's, which a reference without a namespace means.
  ///   - isOurs: whether a live entry was written by us.
  static func parents<Entry: ParentEntry>(
    live: [Entry], desired: [Entry], namespace: String, now: Timestamp, isOurs: (Entry) -> Bool
  ) -> [Entry] {
    var waiting = desired.dropLast(excess(live: live, desired: desired, isOurs: isOurs))
    var merged: [Entry] = []
    for entry in live {
      let reference = entry.parentRef.explicit(in: namespace)
      let place = waiting.firstIndex { $0.parentRef.explicit(in: namespace) == reference }
      if isOurs(entry) {
        guard let place else { continue }
        merged.append(Self.entry(waiting.remove(at: place), over: entry, namespace: namespace, now: now))
      } else if !isInitial(entry.parentRef) || desired.isEmpty {
        merged.append(entry)
      }
    }
    return merged + waiting.map { Self.entry($0, over: nil, namespace: namespace, now: now) }
  }

  /// How many of our entries find no place beside those of others.
  static func excess<Entry: ParentEntry>(live: [Entry], desired: [Entry], isOurs: (Entry) -> Bool) -> Int {
    let others = live.count { !isOurs($0) && !isInitial($0.parentRef) }
    return min(desired.count, max(0, others + desired.count - Entry.most))
  }

  /// What the schema of InferencePool puts where no controller has written yet; it goes when one does.
  static func isInitial(_ reference: ParentReference) -> Bool {
    reference.kind == "Status" && reference.name == "default"
  }

  private static func entry<Entry: ParentEntry>(
    _ desired: Entry, over live: Entry?, namespace: String, now: Timestamp
  ) -> Entry {
    var entry = desired
    // The live spelling of an equal reference stays: the server fills in defaults, and that is no reason to write.
    entry.parentRef = live?.parentRef ?? desired.parentRef
    entry.conditions = conditions(
      live: live?.conditions ?? [], desired: desired.conditions, now: now)
    return entry
  }
}

extension ParentReference {
  /// The same reference with what its defaults mean written out.
  ///
  /// Source: `ParentReference`, Gateway API v1.
  func explicit(in ownNamespace: String) -> ParentReference {
    var reference = self
    reference.group = group ?? "gateway.networking.k8s.io"
    reference.kind = kind ?? "Gateway"
    reference.namespace = namespace ?? ownNamespace
    return reference
  }
}
