/// How requests wait for a saturated pool. Standard ones do; Sheddable ones are turned away at once, and Critical ones are sent.
public struct QueueLimits: Sendable, Equatable {
  /// How many may wait for one pool; 0 turns all away at once.
  public var places: Int
  /// How long one may wait, in nanoseconds; 0 turns all away at once.
  public var timeout: UInt64

  /// Limits: 1,000 requests, 30 s, unless told otherwise.
  public init(places: Int = 1000, timeout: UInt64 = 30_000_000_000) {
    self.places = places
    self.timeout = timeout
  }

  /// Whether anybody may wait.
  var isOpen: Bool { places > 0 && timeout > 0 }
}
