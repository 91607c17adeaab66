import JSONText
import KubernetesAPI

/// JSON merge patches (RFC 7386) for statuses.
enum MergePatch {
  /// The smallest patch that turns `old` into `new`; `nil` when they are equal. Arrays are replaced whole.
  ///
  /// A list that `new` lacks is set to an empty one, not removed: our types leave empty lists out, and schemas require
  /// some of them (`status.parents` of HTTPRoute).
  static func difference(from old: JSONValue?, to new: JSONValue) -> JSONValue? {
    guard old != new else { return nil }
    guard case .object(let oldMembers)? = old, case .object(let newMembers) = new else { return new }
    var patch: [String: JSONValue] = [:]
    for (name, value) in oldMembers where newMembers[name] == nil {
      patch[name] = value.arrayValue == nil ? .null : .array([])
    }
    for (name, value) in newMembers {
      if let change = difference(from: oldMembers[name], to: value) { patch[name] = change }
    }
    return .object(patch)
  }
}
