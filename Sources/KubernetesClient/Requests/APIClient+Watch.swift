public import KubernetesAPI

extension APIClient {
  /// One watch request, from `resourceVersion` until the server ends it. `Watcher` is what keeps one going.
  ///
  /// `stallTimeout` bounds the time without any byte; servers send bookmarks about once a minute.
  public func watch<R: Resource>(
    _ type: R.Type = R.self, in scope: WatchScope = .all, from resourceVersion: String, timeoutSeconds: Int = 300,
    stallTimeout: Duration = .seconds(150)
  ) async throws -> WatchEvents<R> {
    let request = APIRequest.watch(
      R.type, in: scope, from: resourceVersion, timeoutSeconds: timeoutSeconds)
    return WatchEvents(body: try await open(request, stallTimeout: stallTimeout))
  }
}
