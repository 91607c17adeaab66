import Dispatch
import KubernetesClient

/// Monotonic time in nanoseconds, on the clock that SwiftNIO's deadlines use as well.
enum Monotonic {
  /// Now.
  static var now: UInt64 { DispatchTime.now().uptimeNanoseconds }
}

/// Acts whenever a bell rings or the time it asked for has come, with jobs running beside it.
///
/// The whole shell that a state machine with deadlines needs: it sleeps when there is nothing to do.
struct AlarmLoop: Sendable {
  /// What wakes the loop.
  let signal: ChangeSignal

  /// Runs `step` at once and at each waking, until the task is cancelled.
  ///
  /// - Parameter step: starts jobs in the group, which ring the bell when they end, and returns the time of its next
  ///   waking; `nil` to wait for a ring.
  func run(_ step: (inout DiscardingTaskGroup) -> UInt64?) async {
    let signal = signal
    await withDiscardingTaskGroup { group in
      let rings = signal.rings()
      var alarm = UInt64.max
      signal.ring()
      for await _ in rings {
        if alarm <= Monotonic.now { alarm = .max }
        guard let next = step(&group), next < alarm else { continue }
        alarm = next
        group.addTask {
          let now = Monotonic.now
          let pause = next > now ? next - now : 0
          do { try await Task.sleep(nanoseconds: pause) } catch { return }
          signal.ring()
        }
      }
      group.cancelAll()
    }
  }
}
