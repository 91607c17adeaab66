public import KubernetesAPI
public import Logging

/// Keeps a `Store` like the cluster: lists, watches, resumes, starts over. Failures are logged and tried again forever.
/// A kind that the server does not serve, or no longer, has no objects; a 404 alone does not say so (`APIClient.serves`).
public struct Watcher<R: Resource>: Sendable {
  private let client: APIClient
  private let store: Store<R>
  private let scope: WatchScope
  private let configuration: WatcherConfiguration
  private let logger: Logger
  private let observer: WatchObserver
  private let onUndecodable: @Sendable (UndecodableObject) -> Void

  /// A watcher of the objects in `scope`, which tries again in its own way, not the client's. `onUndecodable` hears of each
  /// object that does not decode.
  public init(
    client: APIClient, store: Store<R>, scope: WatchScope = .all,
    configuration: WatcherConfiguration = WatcherConfiguration(), logger: Logger = Logger(label: "watcher"),
    observer: WatchObserver = WatchObserver(), onUndecodable: @escaping @Sendable (UndecodableObject) -> Void = { _ in }
  ) {
    self.client = client.withoutRetries()
    self.store = store
    self.scope = scope
    self.configuration = configuration
    var logger = logger
    logger[metadataKey: "kind"] = "\(R.type.kind)"
    self.logger = logger
    self.observer = observer
    self.onUndecodable = onUndecodable
  }

  /// Runs until its task is cancelled, then returns.
  public func run() async throws {
    var machine = WatchStateMachine(delays: configuration.delays)
    var action = machine.current
    var pages = Pages()
    var refusals = WatchRefusals()
    do {
      while !Task.isCancelled {
        switch action {
        case .list(let token):
          if token == nil { pages = Pages() }
          action = try await list(token, into: &pages, machine: &machine)
        case .watch(let version, let publish):
          if publish {
            store.apply(.replaceAll(pages.objects, undecodable: pages.undecodable))
            pages = Pages()
          }
          action = try await watch(from: version, machine: &machine, refusals: &refusals)
        case .discover: action = try await discover(machine: &machine)
        case .empty(let time):
          store.apply(.replaceAll([]))
          action = .wait(time)
        case .wait(let time):
          try await configuration.sleep(time)
          action = machine.handle(.waited, jitter: 0) ?? machine.current
        }
      }
    } catch is CancellationError {
      return
    }
  }

  /// What was read of a list so far.
  private struct Pages {
    var objects: [R] = []
    var undecodable: [UndecodableObject] = []
  }

  private func list(
    _ token: String?, into pages: inout Pages, machine: inout WatchStateMachine
  ) async throws -> WatchStateMachine.Action {
    let input: WatchStateMachine.Input
    do {
      let page = try await client.page(of: R.self, in: scope, limit: configuration.pageSize, continueToken: token)
      for object in page.undecodable { report(object) }
      pages.objects += page.items
      pages.undecodable += page.undecodable
      observer.outcome(.list, nil)
      input = .page(
        resourceVersion: page.metadata.resourceVersion ?? "", continueToken: page.metadata.continue)
    } catch let error as APIError {
      logger.warning("list failed", metadata: ["error": "\(error)"])
      if error.failure != .notServed { observer.outcome(.list, error) }
      observer.restart(error.restartReason)
      input = .listFailed(error.failure)
    }
    return machine.handle(input, jitter: configuration.jitter()) ?? machine.current
  }

  private func discover(machine: inout WatchStateMachine) async throws -> WatchStateMachine.Action {
    var isServed = true
    do {
      isServed = try await client.serves(R.type)
      if isServed { observer.outcome(.list, .contradicted(R.type)) }
    } catch let error as APIError {
      observer.outcome(.list, error)
    }
    return machine.handle(.discovered(isServed: isServed), jitter: configuration.jitter()) ?? machine.current
  }

  private func watch(
    from version: String, machine: inout WatchStateMachine, refusals: inout WatchRefusals
  ) async throws -> WatchStateMachine.Action {
    let start = configuration.now()
    let input: WatchStateMachine.Input
    do {
      let seconds = configuration.watchSeconds(jitter: configuration.jitter())
      let events = try await client.watch(
        R.self, in: scope, from: version, timeoutSeconds: seconds, stallTimeout: configuration.stallTimeout)
      observer.outcome(.watch, nil)
      for try await event in events {
        if let resumePoint = try take(event) {
          _ = machine.handle(.event(resourceVersion: resumePoint), jitter: 0)
        }
      }
      try Task.checkCancellation()
      observer.restart(.ended)
      input = .watchEnded(after: configuration.now() - start)
    } catch let error as APIError {
      let metadata: Logger.Metadata = ["error": "\(error)", "resourceVersion": "\(version)"]
      if refusals.isWorthAWarning(error, now: configuration.now()) {
        logger.warning("\(Self.cureOfRefusal)", metadata: metadata)
      } else {
        logger.info("watch interrupted", metadata: metadata)
      }
      if error.failure != .notServed { observer.outcome(.watch, error) }
      observer.restart(error.restartReason)
      input = .watchFailed(error.failure)
    }
    return machine.handle(input, jitter: configuration.jitter()) ?? machine.current
  }

  /// What the reader of the log can do about a kind that may be listed and not watched.
  private static var cureOfRefusal: String {
    "watching is forbidden, so changes are seen late: allow this account the verb watch on \(R.type.resource)"
  }

  /// Brings an event into the store. Returns the version that it is at. Throws the server's `ERROR`.
  private func take(_ event: WatchEvent<R>) throws -> String? {
    switch event {
    case .added(let object):
      observer.event(.added)
      store.apply(.upsert(object))
      return object.metadata.resourceVersion ?? ""
    case .modified(let object):
      observer.event(.modified)
      store.apply(.upsert(object))
      return object.metadata.resourceVersion ?? ""
    case .delete(let object):
      observer.event(.deleted)
      store.apply(.remove(object.key))
      return object.metadata.resourceVersion ?? ""
    case .bookmark(let version):
      observer.event(.bookmark)
      return version
    case .failure(let error):
      observer.event(.error)
      throw error
    case .deleteUndecodable(let object, let version):
      observer.event(.deleted)
      store.apply(.remove(object.key))
      return version
    case .undecodable(let object, let version):
      if !object.key.name.isEmpty { store.apply(.mark(object)) }
      report(object)
      return version
    }
  }

  private func report(_ object: UndecodableObject) {
    client.log(object)
    onUndecodable(object)
  }
}

extension APIError {
  /// What a watch makes of it.
  var failure: WatchStateMachine.APIFailure {
    switch self {
    case .expired: .expired
    case .badRequest: .badRequest
    case .notFound: .notServed
    case .forbidden: .forbidden
    default: .other(retryAfter: retryAfter)
    }
  }
}
