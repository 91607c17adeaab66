import KubernetesAPI
import KubernetesClient
import Logging

/// Watches one kind, whether or not the server serves it yet.
///
/// A kind whose CustomResourceDefinition is not installed counts as synced and empty, and is tried again every few
/// seconds, so that an operator may be started first and the definitions applied later.
struct KindWatch<R: Resource>: Sendable {
  let client: APIClient
  let store: Store<R>
  let scope: WatchScope
  let logger: Logger
  /// The pause between two looks at a kind that is not served.
  let retryPause: Duration
  /// Hears of each object that cannot be decoded and is therefore left out.
  let onUndecodable: @Sendable (UndecodableObject) -> Void

  /// Runs until cancelled.
  func run() async throws {
    try await waitUntilServed()
    try await Watcher(
      client: client, store: store, scope: scope,
      configuration: WatcherConfiguration(delays: .milliseconds(250)...Duration.seconds(10)), logger: logger,
      onUndecodable: onUndecodable
    ).run()
  }

  private func waitUntilServed() async throws {
    var look = KindLook()
    while true {
      do {
        _ = try await client.send(.list(R.type, in: scope, limit: 1))
        if look.isMissing { logger.info("the kind is served now", metadata: metadata) }
        return
      } catch APIError.notFound {
        store.apply(.replaceAll([]))
        if look.missing() { logger.warning("\(Self.cure)", metadata: metadata) }
      } catch let error as APIError {
        try Task.checkCancellation()
        if look.failed() {
          logger.warning("the API server cannot be asked; trying again", metadata: failure(error))
        }
      }
      try await Task.sleep(for: look.isMissing ? retryPause : .milliseconds(500))
    }
  }

  private var metadata: Logger.Metadata { ["kind": "\(R.type.kind)", "apiVersion": "\(R.type.apiVersion)"] }

  private func failure(_ error: APIError) -> Logger.Metadata {
    metadata.merging(["error": "\(error)"]) { _, new in new }
  }

  /// What the reader of the log can do about a kind that is not served.
  static var cure: String {
    let definition = "\(R.type.plural).\(R.type.group)"
    return "the server does not serve \(R.type.kind) (\(R.type.apiVersion)): CustomResourceDefinition \(definition) is "
      + "not installed; nothing of this kind takes effect until then. Install it with: kubectl apply -f crds/"
  }
}

/// Whether a look at a kind is worth a line in the log: only when it differs from the one before.
struct KindLook: Equatable {
  private(set) var isMissing = false
  private(set) var hasFailed = false

  /// The kind is not served. Returns whether that is news.
  mutating func missing() -> Bool {
    defer { (isMissing, hasFailed) = (true, false) }
    return !isMissing
  }

  /// The look failed. Returns whether that is news.
  mutating func failed() -> Bool {
    defer { hasFailed = true }
    return !hasFailed
  }
}
