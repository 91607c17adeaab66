import Dispatch
import KubernetesClient

/// Monotonic time in nanoseconds, on the clock that SwiftNIO's deadlines use as well.
package enum Monotonic {
  /// Now.
  package static var now: UInt64 { DispatchTime.now().uptimeNanoseconds }
}

/// Acts whenever a bell rings or the time it asked for has come, with jobs running beside it.
///
/// The whole shell that a state machine with deadlines needs: it sleeps when there is nothing to do.
struct AlarmLoop: Sendable {
  /// What wakes the loop.
  let signal: ChangeSignal
  /// The rest after each step, in which rings coalesce: for steps that are dear and often asked for.
  var rest = Duration.zero

  /// Runs `step` at once and at each waking, until the task is cancelled.
  ///
  /// - Parameter step: starts jobs in the group, which ring the bell when they end, and returns the time of its next
  ///   waking; `nil` to wait for a ring.
  func run(_ step: (inout DiscardingTaskGroup) -> UInt64?) async {
    let signal = signal
    await withDiscardingTaskGroup { group in
      let rings = signal.rings()
      var alarms = Alarms()
      signal.ring()
      for await _ in rings {
        alarms.drop(until: Monotonic.now)
        if let next = step(&group), alarms.set(next) {
          group.addTask { await Self.sleep(until: next) ? signal.ring() : () }
        }
        guard await pause() else { break }
      }
      group.cancelAll()
    }
  }

  /// Returns whether the loop goes on.
  private func pause() async -> Bool {
    guard rest > .zero else { return true }
    do { try await Task.sleep(for: rest) } catch { return false }
    return true
  }

  /// Returns whether the time has come, so that whoever looks at the clock next sees it; false when cancelled.
  private static func sleep(until time: UInt64) async -> Bool {
    while case let now = Monotonic.now, now < time {
      do { try await Task.sleep(nanoseconds: time - now) } catch { return false }
    }
    return true
  }
}

/// The wakings under way. One that is already set for an earlier time makes a later one needless: it is asked for again
/// then.
struct Alarms {
  /// Ascending.
  private(set) var times: [UInt64] = []

  /// Forgets those whose time has come.
  mutating func drop(until now: UInt64) {
    times.removeAll { $0 <= now }
  }

  /// Returns whether a waking must be started for this time.
  mutating func set(_ time: UInt64) -> Bool {
    if let first = times.first, first <= time { return false }
    times.insert(time, at: 0)
    return true
  }
}
