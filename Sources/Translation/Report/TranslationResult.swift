public import Routing

/// What ``translate(_:)`` makes of a cluster.
public struct TranslationResult: Sendable, Equatable {
  /// What the data plane serves.
  public var table: RoutingTable
  /// What the objects' statuses ought to say.
  public var statuses: StatusReport

  /// A result.
  public init(table: RoutingTable, statuses: StatusReport) {
    self.table = table
    self.statuses = statuses
  }
}
