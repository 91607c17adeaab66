import CCurl
import Synchronization

/// Libcurl's one thread: takes commands, runs all transfers, hands on what comes.
final class CurlLoop: Sendable {
  enum Command: Sendable {
    case start(CurlExchange)
    case cancel(CurlExchange)
    case resume(CurlExchange)
  }

  /// Libcurl's multi handle.
  ///
  /// Sendable because only `run` uses it, on its one thread, but for `curl_multi_wakeup`, which libcurl documents as safe
  /// from any thread; that call is made under the inbox's lock, and the handle is freed only after the inbox was closed
  /// under the same lock.
  private struct Multi: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer
  }

  private struct Inbox {
    var commands: [Command] = []
    var isStopping = false
    var isClosed = false
  }

  let maximumBufferedBytes: Int
  private let patience: ConnectionSilence.Patience
  private let multi: Multi
  private let inbox = Mutex(Inbox())

  /// Once per process, on first use.
  private static let globalResult: CURLcode = switchyard_global_init()

  init(maximumBufferedBytes: Int, patience: ConnectionSilence.Patience) throws {
    guard Self.globalResult == CURLE_OK, let pointer = curl_multi_init() else {
      throw HTTPTransportError.failed(code: Int(Self.globalResult.rawValue), "libcurl does not start")
    }
    self.maximumBufferedBytes = maximumBufferedBytes
    self.patience = patience
    multi = Multi(pointer: pointer)
    // Libcurl's own default of 100 would open a second connection for the hundred and first watch.
    _ = switchyard_multi_setopt_long(pointer, CURLMOPT_MAX_CONCURRENT_STREAMS, 1000)
  }

  /// Gives the thread something to do. After the end, exchanges are told so.
  func submit(_ command: Command) {
    let isClosed = inbox.withLock { inbox in
      if inbox.isClosed { return true }
      inbox.commands.append(command)
      _ = curl_multi_wakeup(multi.pointer)
      return false
    }
    if isClosed, case .start(let exchange) = command { exchange.finish(.failure(HTTPTransportError.shutDown)) }
  }

  /// Ends the thread soon.
  func shutDown() {
    inbox.withLock { inbox in
      inbox.isStopping = true
      if !inbox.isClosed { _ = curl_multi_wakeup(multi.pointer) }
    }
  }

  /// The thread's life.
  func run() {
    switchyard_block_sigpipe()
    var transfers = CurlTransfers(multi: multi.pointer, patience: patience)
    while true {
      let (commands, isStopping) = inbox.withLock { inbox in
        defer { inbox.commands = [] }
        return (inbox.commands, inbox.isStopping)
      }
      for command in commands { transfers.handle(command) }
      if isStopping { break }
      transfers.perform()
      transfers.wait()
    }
    let late = inbox.withLock { inbox in
      inbox.isClosed = true
      defer { inbox.commands = [] }
      return inbox.commands
    }
    for command in late { transfers.handle(command) }
    transfers.endAll()
    curl_multi_cleanup(multi.pointer)
  }
}
