extension ObjectMeta {
  /// Whether its object goes before `other` wherever the older one wins: by `creationTimestamp`, then in alphabetical
  /// order of `namespace/name` as one text. What has no time yet (a manifest on disk) counts as youngest.
  ///
  /// Source: `HTTPRouteRule.matches`, Gateway API v1.
  public func isOlder(than other: ObjectMeta) -> Bool {
    switch (creationTimestamp, other.creationTimestamp) {
    case (let one?, let another?) where one != another: one < another
    case (_?, nil): true
    case (nil, _?): false
    default: isNamedBefore(other)
    }
  }

  private func isNamedBefore(_ other: ObjectMeta) -> Bool {
    // Only between different namespaces can the slash decide: `a-b/x` goes before `a/x`.
    namespace == other.namespace
      ? name < other.name
      : ObjectKey(namespace: namespace, name: name).description
        < ObjectKey(namespace: other.namespace, name: other.name).description
  }
}

extension Resource {
  /// Whether this object goes before `other`: see ``ObjectMeta/isOlder(than:)``.
  public func isOlder(than other: Self) -> Bool { metadata.isOlder(than: other.metadata) }
}

extension Sequence where Element: Resource {
  /// The objects by age, as ``Resource/isOlder(than:)`` has it.
  public func oldestFirst() -> [Element] { sorted { $0.isOlder(than: $1) } }
}
