import Synchronization

/// What servers saw, and what clients and servers found wrong.
package final class Ledger: Sendable {
  /// What servers saw of one request.
  struct Entry: Equatable {
    /// How often its head came.
    var arrivals: UInt8 = 0
    /// What the last server did with it.
    var fate = Fate.fine
  }

  private struct State {
    var entries: [Entry]
    var faults: [String] = []
    var faultCount = 0
  }

  private let state: Mutex<State>

  /// A ledger for so many turns; all of its memory is taken at once, so that none of it looks like a leak.
  package init(turns: Int) {
    state = Mutex(State(entries: Array(repeating: Entry(), count: turns * SoakTurn.most)))
  }

  func entry(_ id: Int) -> Entry { state.withLock { $0.entries[id] } }

  /// A request's head has come to a server: says what the server does. `isFresh`: it is the first of its connection.
  func arrived(_ request: SoakRequest, isFresh: Bool) -> Fate {
    state.withLock { state in
      let count = Int(state.entries[request.id].arrivals)
      var fate = count < request.fates.count ? request.fates[count] : .fine
      if fate == .closeReused { fate = isFresh ? .fine : .closeBeforeHead }
      state.entries[request.id].arrivals = UInt8(min(count + 1, 255))
      state.entries[request.id].fate = fate
      return fate
    }
  }

  /// Something is not as it must be. The first ones are kept.
  func fault(_ text: String) {
    state.withLock { state in
      state.faultCount += 1
      if state.faults.count < 100 { state.faults.append(text) }
    }
  }

  /// How many faults there were, and the first of them.
  package var faults: (count: Int, first: [String]) { state.withLock { ($0.faultCount, $0.faults) } }

  /// How often any request came to a server.
  package var arrivals: Int { state.withLock { $0.entries.reduce(0) { $0 + Int($1.arrivals) } } }
}
