import Foundation
import JSONText
import KubernetesAPI

/// The merge patch that brings an object's status from one value to another.
enum StatusPatch {
  /// The patch, with the resourceVersion that makes the server refuse it if somebody else wrote first; `nil` when the
  /// statuses are equal.
  static func make<R: Resource>(from live: R, to wished: R) throws -> JSONValue? {
    let (old, new) = (try status(of: live), complete(try status(of: wished)))
    guard let change = MergePatch.difference(from: old, to: new) else { return nil }
    var patch: JSONValue = ["status": change]
    if let version = live.metadata.resourceVersion {
      patch["metadata"] = .object(["resourceVersion": .string(version)])
    }
    return patch
  }

  private static func status<R: Resource>(of object: R) throws -> JSONValue {
    let object = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(object))
    return object["status"] ?? .object([:])
  }

  /// Gateway API requires `supportedKinds` of a listener status even when it is empty.
  private static func complete(_ status: JSONValue) -> JSONValue {
    guard let listeners = status["listeners"]?.arrayValue else { return status }
    var status = status
    status["listeners"] = .array(
      listeners.map { listener in
        var listener = listener
        if listener["supportedKinds"] == nil { listener["supportedKinds"] = .array([]) }
        return listener
      })
    return status
  }
}
