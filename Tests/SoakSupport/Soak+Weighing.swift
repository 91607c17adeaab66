import DataPlane
import Routing
import Synchronization

// What is looked at when all is quiet.
extension Soak {
  /// Writes down what is left, and how what clients saw stands to what the gateway reported. The turns took `took`, and it is `since`
  /// then that the first began.
  mutating func weigh(_ gateway: SoakGateway, _ census: GatewayServer.Census, took: Duration, since: Duration) {
    report.add("requests", course.requests)
    report.add("seconds", took.seconds)
    report.add("requests a second", Double(course.requests) / took.seconds)
    report.add("times a server got a request", ledger.arrivals)
    report.add("requests in flight at the end", gateway.states.inFlight, most: 0)
    report.add("requests being uploaded at the end", gateway.uploading, most: 0)
    report.add("clients at the end", census.clients, most: 0)
    report.add("connections in use at the end", census.leased + census.opening, most: 0)
    report.add("requests waiting for one at the end", census.waiters, most: 0)
    report.add("bytes of bodies held at the end", census.heldBytes, most: 0)
    report.add("reports missing", gateway.tally.started.load(ordering: .relaxed) - gateway.tally.finishedCount, most: 0)
    let lostTwice = course.outcomes.lostTwice
    report.add("requests lost on two used connections", lostTwice, most: 0)
    compareStatuses(course.outcomes.statuses, gateway.tally.statuses)
    for (pool, counts) in gateway.tally.pools.sorted(by: { $0.key < $1.key }) {
      // A fifth, a hundred to begin with, and ten a second.
      let most = 0.2 * Double(counts.requests) + 110 + 10 * since.seconds
      report.add(
        "retries of \(counts.requests) requests, \(pool.object.name)", counts.retries, most: most.rounded(.down))
    }
  }

  private func compareStatuses(_ seen: [Int: Int], _ reported: [Int: Int]) {
    for status in Set(seen.keys).union(reported.keys).sorted() where seen[status] != reported[status] {
      ledger.fault(
        "clients saw status \(status) \(seen[status] ?? 0) times, the gateway reported it \(reported[status] ?? 0) times"
      )
    }
  }
}

extension Duration {
  fileprivate var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
