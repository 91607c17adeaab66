import KubernetesAPI
import KubernetesClient
import Logging

/// Watches one kind, whether or not the server serves it yet.
///
/// A kind whose CustomResourceDefinition is not installed counts as synced and empty, and is tried again every few
/// seconds, so that an operator may be started first and the definitions applied later, or again. A 404 alone does not say
/// so, since a proxy may have answered it: discovery has to agree. What else keeps a kind from being read is told in the
/// log and by readiness, with what to do about it, and leaves what was read before.
struct KindWatch<R: Resource>: Sendable {
  let client: APIClient
  let store: Store<R>
  let scope: WatchScope
  let logger: Logger
  /// The pause between two looks at a kind that is not served.
  let retryPause: Duration
  /// Where readiness finds what is wrong.
  let problems: KindProblems
  /// Hears of each event and restart.
  let observer: WatchObserver
  /// Hears of each object that cannot be decoded.
  let onUndecodable: @Sendable (UndecodableObject) -> Void

  /// The shortest and the longest pause after failures.
  static var delays: ClosedRange<Duration> { .milliseconds(250)...Duration.seconds(10) }

  /// Runs until cancelled.
  func run() async throws {
    while true {
      try await waitUntilServed()
      try await watchWhileServed()
      // Also where a list is answered and its watch is not: that must not become a storm of lists.
      try await Task.sleep(for: retryPause)
    }
  }

  /// Returns when the server answers that it does not serve the kind any more.
  private func watchWhileServed() async throws {
    let (gone, bell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    var listener = observer
    listener.restart = { [observer] reason in
      observer.restart(reason)
      if reason == .notServed { bell.yield() }
    }
    listener.outcome = { [problems, scope] verb, error in problems.set(error, verb, of: R.type, in: scope) }
    let watcher = Watcher(
      client: client, store: store, scope: scope, configuration: WatcherConfiguration(delays: Self.delays),
      logger: logger, observer: listener, onUndecodable: onUndecodable)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await watcher.run() }
      group.addTask { for await _ in gone { return } }
      try await group.next()
      group.cancelAll()
    }
  }

  private func waitUntilServed() async throws {
    var look = KindLook(missingPause: retryPause, delays: Self.delays)
    while true {
      let pause: Duration
      do {
        if try await isServed(unlessKnown: look.isMissing) {
          problems.set(nil, .list, of: R.type, in: scope)
          problems.setAbsent(nil, for: R.type)
          if look.isMissing { logger.info("the kind is served now", metadata: metadata) }
          return
        }
        store.apply(.replaceAll([]))
        problems.clear(R.type, in: scope)
        problems.setAbsent(Self.cure, for: R.type)
        let verdict = look.missing()
        if verdict.isNews { logger.warning("\(Self.cure)", metadata: metadata) }
        pause = verdict.pause
      } catch let error as APIError {
        try Task.checkCancellation()
        pause = failed(error, &look)
      }
      try await Task.sleep(for: pause)
    }
  }

  /// Whether a list is answered; `false` when the server does not serve the kind, as it says itself or is known of it.
  private func isServed(unlessKnown isMissing: Bool) async throws -> Bool {
    do {
      _ = try await client.send(.list(R.type, in: scope, limit: 1))
      return true
    } catch APIError.notFound {
      guard !isMissing, try await client.serves(R.type) else { return false }
      throw APIError.contradicted(R.type)
    }
  }

  private func failed(_ error: APIError, _ look: inout KindLook) -> Duration {
    problems.set(error, .list, of: R.type, in: scope)
    let problem = KindProblem(error, .list, of: R.type).text
    let verdict = look.failed(
      problem, retryAfter: error.retryAfter, now: Monotonic.now, jitter: Double.random(in: 0..<1))
    if verdict.isNews {
      logger.warning(
        "a kind cannot be read; trying again", metadata: metadata.merging(["error": "\(problem)"]) { _, new in new })
    }
    return verdict.pause
  }

  private var metadata: Logger.Metadata {
    var metadata: Logger.Metadata = ["kind": "\(R.type.kind)", "apiVersion": "\(R.type.apiVersion)"]
    if let namespace = scope.namespace { metadata["namespace"] = "\(namespace)" }
    if let selector = scope.fieldSelector { metadata["fieldSelector"] = "\(selector)" }
    return metadata
  }

  /// What the reader of the log can do about a kind that is not served.
  static var cure: String {
    "the server does not serve \(R.type.kind) (\(R.type.apiVersion)): CustomResourceDefinition \(R.type.resource) is "
      + "not installed; nothing of this kind takes effect until then. Install it with: \(Self.installation)"
  }

  /// Gateway API's definitions are its own, and come with all kinds at once; the others are ours.
  private static var installation: String {
    R.type.group == GatewayClass.type.group
      ? "kubectl apply --server-side -f https://github.com/kubernetes-sigs/gateway-api/releases/download/v1.6.1/"
        + "standard-install.yaml"
      : "kubectl apply -f crds/"
  }
}
