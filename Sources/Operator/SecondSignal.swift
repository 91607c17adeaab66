import Foundation
import ServiceLifecycle
import UnixSignals

/// Ends the program at once when it is told to stop a second time, while streams still drain.
///
/// To be the first of its group: it then ends last, and hears the second signal as long as anything runs.
package struct SecondSignal: ServiceLifecycle.Service {
  /// How long streams have to end.
  private let drainSeconds: Int64

  /// - Parameter drainSeconds: how long streams have to end when the program is told to stop once.
  package init(drainSeconds: Int64) { self.drainSeconds = drainSeconds }

  package func run() async throws {
    try await cancelWhenGracefulShutdown {
      var isStopping = false
      for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) {
        if isStopping { throw StoppedAtOnce() }
        isStopping = true
        let line = "stopping: streams have \(drainSeconds) s to end; Ctrl-C again cuts them\n"
        FileHandle.standardError.write(Data(line.utf8))
      }
    }
  }
}

/// Why a run ended before its streams did.
struct StoppedAtOnce: Error, CustomStringConvertible {
  var description: String { "stopped at once, as told twice; streams that still ran were cut" }
}
