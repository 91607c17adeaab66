import JSONText

/// JSON merge patch, RFC 7396.
enum MergePatch {
  static func apply(_ patch: JSONValue, to target: JSONValue) -> JSONValue {
    guard case .object(let changes) = patch else { return patch }
    var fields = target.objectValue ?? [:]
    for (name, change) in changes {
      fields[name] = change == .null ? .none : .some(apply(change, to: fields[name] ?? .null))
    }
    return .object(fields)
  }
}
