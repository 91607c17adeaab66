import Observability
import Routing
import Synchronization

/// Says at each scrape which table is in use: how many were published, and a hash of its content, so that replicas that
/// compute the same table show the same hash.
final class TableCollector: Sendable {
  private let instruments: ControlInstruments
  private let last = Mutex((revision: 0, hash: ""))

  init(_ instruments: ControlInstruments) { self.instruments = instruments }

  /// Nothing is shown before the first table is published.
  func collect(_ table: Published<RoutingTable>) {
    let (revision, current) = table.numbered
    guard revision > 0 else { return }
    instruments.tableRevision.set(Double(revision))
    let known = last.withLock { $0 }
    let hash = known.revision == revision ? known.hash : current.contentHash
    last.withLock { $0 = (revision, hash) }
    instruments.tableInfo.replaceAll([([hash], 1)])
  }
}
