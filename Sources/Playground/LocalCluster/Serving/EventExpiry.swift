import Foundation
import JSONText
import KubernetesSchema

/// Forgets Events an hour after they were last written, as a real API server does.
///
/// Nothing runs for it: whoever asks for Events, and once a minute a watch that is open on them, has the old ones swept.
enum EventExpiry {
  static let lifetime: TimeInterval = 3600
  /// How long expired events may still be seen.
  static let interval: TimeInterval = 60

  static let events = ResourceName(group: "", plural: "events")

  /// When an object was last written: the server's own times, whatever the event says of itself.
  static func lastWrite(_ object: JSONValue) -> Double {
    let owners = (object["metadata", "managedFields"]?.arrayValue ?? []).compactMap { $0["time"]?.stringValue }
    let times = owners + [object["metadata", "creationTimestamp"]?.stringValue ?? ""]
    return times.compactMap { RFC3339Time($0)?.secondsSince1970 }.max() ?? 0
  }
}

extension ClusterStorage {
  /// Removes the expired events of a collection, if nobody did so within the last minute.
  func sweepEvents(_ resource: ResourceName, now: Date) {
    let moment = now.timeIntervalSince1970
    guard resource == EventExpiry.events, isSweepDue(moment) else { return }
    do {
      try write { (state) throws(StatusError) in
        for (key, event) in state.store.objects(resource)
        where moment - EventExpiry.lastWrite(event) > EventExpiry.lifetime { state.remove(resource, key) }
      }
    } catch {
      // They are still there, and the next sweep tries again; the journal has reported why.
      return
    }
  }
}
