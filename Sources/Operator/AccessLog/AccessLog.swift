import DataPlane
import Foundation
import JSONText
import Observability
import ServiceLifecycle
import Synchronization

/// Writes a line for each request, on a thread of its own: who is asked to log one only appends it to a buffer.
///
/// The thread looks ten times a second, so that no event loop has to wake it; lines beyond the buffer's bound are dropped and
/// counted.
package final class AccessLog: Sendable {
  private struct Waiting {
    var bytes: [UInt8] = []
    var lines: UInt64 = 0
    var isEnding = false
  }

  private let configuration: AccessLogConfiguration
  private let output: AccessLogOutput
  private let written: Counter.Series
  private let dropped: Counter.Series
  private let count = Atomic<UInt64>(0)
  private let waiting = Mutex(Waiting())

  /// - Parameter descriptor: where lines go; it stays open.
  init(_ configuration: AccessLogConfiguration, lines: Counter, descriptor: Int32 = STDOUT_FILENO) {
    self.configuration = configuration
    output = AccessLogOutput(descriptor: descriptor)
    written = lines.series(["written"])
    dropped = lines.series(["dropped"])
  }

  /// Tells of a request, if it is among those told of. Does not block.
  func log(_ record: ProxyRecord) {
    let number = count.wrappingAdd(1, ordering: .relaxed).oldValue
    guard record.error != nil || record.status >= 400 || configuration.samples(number) else { return }
    let time = RFC3339Time(secondsSince1970: Date().timeIntervalSince1970)
    let line = AccessLogLine(record, at: time, as: configuration.format).bytes
    let fits = waiting.withLock { waiting in
      guard waiting.bytes.count + line.count <= configuration.maximumWaitingBytes else { return false }
      waiting.bytes += line
      waiting.lines += 1
      return true
    }
    if !fits { dropped.increment() }
  }

  /// Writes lines until the process is told to stop; what waits then is written before it returns.
  package func run() async {
    await withTaskCancellationOrGracefulShutdownHandler {
      await withCheckedContinuation { continuation in
        Thread.detachNewThread { [self] in
          drainUntilEnd()
          continuation.resume()
        }
      }
    } onCancelOrGracefulShutdown: { [self] in
      end()
    }
  }

  /// No further lines come.
  func end() { waiting.withLock { $0.isEnding = true } }

  private func drainUntilEnd() {
    var batch = Waiting()
    while !batch.isEnding {
      Thread.sleep(forTimeInterval: 0.1)
      batch.bytes.removeAll(keepingCapacity: true)
      batch.lines = 0
      waiting.withLock { waiting in
        batch.isEnding = waiting.isEnding
        swap(&batch, &waiting)
      }
      write(batch)
    }
  }

  private func write(_ batch: Waiting) {
    guard batch.lines > 0 else { return }
    let lines = output.write(batch.bytes) { [self] in waiting.withLock { $0.isEnding } }
    written.increment(by: lines)
    dropped.increment(by: batch.lines - lines)
  }
}
