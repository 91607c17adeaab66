public import KubernetesAPI

/// What is known of objects that are asked for one by one, by name.
///
/// One that is in none of the three does not exist: *not yet known* is not *absent*.
public struct NamedObjects<R: Resource>: Sendable {
  /// Those that exist.
  public var found: [ObjectKey: R]
  /// Those of which nobody knows yet whether they exist.
  public var unknown: Set<ObjectKey>
  /// Those that the server does not show, with why and what to do about it.
  public var unreadable: [ObjectKey: String]

  /// What is known; by default that there are none.
  public init(found: [ObjectKey: R] = [:], unknown: Set<ObjectKey> = [], unreadable: [ObjectKey: String] = [:]) {
    self.found = found
    self.unknown = unknown
    self.unreadable = unreadable
  }
}
