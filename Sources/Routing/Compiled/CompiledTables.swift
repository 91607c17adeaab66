import Synchronization

/// The newest routing table, compiled once when it is published, in the publisher's own time.
public final class CompiledTables: Sendable {
  /// What is known of endpoints, from table to table.
  public let states: EndpointStates
  private let newest: Mutex<CompiledTable>
  private let generationNumber: Atomic<Int>

  /// Follows a table from now on.
  public init(_ table: Published<RoutingTable>, states: EndpointStates = EndpointStates()) {
    self.states = states
    newest = Mutex(CompiledTable(RoutingTable(), number: -1, states: states))
    generationNumber = Atomic(-1)
    table.onPublish { [weak self] number, table in self?.take(table, number: number) }
    let (number, current) = table.numbered
    take(current, number: number)
  }

  /// The newest table. Takes a lock: whoever asks for each request has a ``RoutingReader``.
  public var current: CompiledTable { newest.withLock { $0 } }

  /// A number that changes with each table.
  var generation: Int { generationNumber.load(ordering: .acquiring) }

  private func take(_ table: RoutingTable, number: Int) {
    let compiled = CompiledTable(table, number: number, states: states)
    newest.withLock { newest in
      guard number > newest.number else { return }
      newest = compiled
      generationNumber.store(number, ordering: .releasing)
    }
    states.keep(Set(table.pools.keys))
    states.keep(table.transports)
    states.keep(Set(table.pools.values.lazy.flatMap(\.endpoints).map(\.id)))
  }
}

/// Reads the newest table on one event loop; a request takes no lock for it.
public final class RoutingReader {
  private let tables: CompiledTables
  private var known: CompiledTable

  /// A reader for one event loop, or one thread.
  public init(_ tables: CompiledTables) {
    self.tables = tables
    known = tables.current
  }

  /// The newest table.
  public var table: CompiledTable {
    if tables.generation != known.number { known = tables.current }
    return known
  }
}
