import Foundation
import Synchronization

/// The credential of a plugin, kept as long as it lasts and fetched once for all that need it.
public final class ExecCredentials: Sendable {
  private typealias Waiter = CheckedContinuation<ExecCredential, any Error>

  private struct State {
    var cache = ExecCredentialCache()
    var waiters: [Waiter] = []
  }

  /// How the credential comes about.
  public let plugin: ExecPlugin
  private let state = Mutex(State())
  private let timeout: Duration

  /// - Parameter timeout: the longest time that the program may take.
  init(_ plugin: ExecPlugin, timeout: Duration = .seconds(60)) {
    self.plugin = plugin
    self.timeout = timeout
  }

  /// The credential; runs the program where there is none that lasts. Throws `ConfigurationError`.
  func current() async throws -> ExecCredential {
    try await withCheckedThrowingContinuation { continuation in
      let verdict = state.withLock { state in
        let verdict = state.cache.ask(now: Self.now)
        switch verdict {
        case .run, .wait: state.waiters.append(continuation)
        case .use, .fail: break
        }
        return verdict
      }
      switch verdict {
      case .use(let credential): continuation.resume(returning: credential)
      case .fail(let error): continuation.resume(throwing: error)
      case .wait: break
      // A program may take long, and waiting for it must hold up no thread that others need.
      case .run: Thread { self.run() }.start()
      }
    }
  }

  /// The server does not take the credential: the next request runs the program again.
  func refused() { state.withLock { $0.cache.refused() } }

  private func run() {
    let outcome = Result { try ExecCredential(output: ExecProcess.output(of: plugin, within: timeout), of: plugin) }
    let waiters = state.withLock { state in
      state.cache.finished(outcome, now: Self.now)
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume(with: outcome) }
  }

  private static var now: Int64 { Int64(Date().timeIntervalSince1970) }
}
