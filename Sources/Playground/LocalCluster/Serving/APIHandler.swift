import Foundation
import JSONText
import KubernetesSchema

/// Answers API requests. Pure but for the storage behind it: no socket, no task; a watch is answered with a plan that
/// the server carries out.
struct APIHandler: Sendable {
  let storage: ClusterStorage
  /// The time of writes and ages.
  let now: @Sendable () -> Date
  /// Where clients reach this server, as discovery says; `127.0.0.1:6443`.
  let address: @Sendable () -> String

  /// The answer to one request, whose token was already checked.
  func handle(_ request: APIRequest) -> APIResponse {
    do {
      if let fixed = try fixedPath(request) { return fixed }
      guard let path = resourcePath(request) else { return .text(404, "404 page not found\n") }
      var answer: APIResponse
      do { answer = try resource(request, path) } catch { answer = .failure(error) }
      if let warning = path.kind.deprecationWarning { answer.addWarning(warning) }
      return answer
    } catch {
      return .failure(error)
    }
  }

  /// One path below a group and version.
  struct ResourcePath: Sendable {
    var kind: ServedKind
    var namespace: String
    var name: String?
    var subresource: String?
  }

  private func fixedPath(_ request: APIRequest) throws(StatusError) -> APIResponse? {
    let steps = request.path.split(separator: "/").map(String.init)
    switch (steps.first, steps.count) {
    case ("livez", _), ("readyz", _), ("healthz", _): return .text(200, "ok")
    case ("version", 1): return .json(200, Discovery.version)
    case ("api", 1), ("apis", 1), ("api", 2), ("apis", 2), ("apis", 3): return discovery(request, steps)
    case ("openapi", _): return openAPI(request, steps)
    case ("apis", 4) where steps[1] == "authorization.k8s.io" && request.method == "POST":
      return try accessReview(request, steps[3])
    default: return nil
    }
  }

  private func resourcePath(_ request: APIRequest) -> ResourcePath? {
    var steps = request.path.split(separator: "/").map(String.init)[...]
    guard let root = steps.popFirst(), root == "api" || root == "apis" else { return nil }
    let group = root == "api" ? "" : steps.popFirst() ?? ""
    guard let version = steps.popFirst() else { return nil }
    var namespace = ""
    // `namespaces/NAME` alone, and its subresources, are the Namespace object itself.
    if steps.first == "namespaces", steps.count >= 3, !["status", "finalize"].contains(steps.dropFirst(2).first) {
      namespace = steps.dropFirst().first ?? ""
      steps = steps.dropFirst(2)
    }
    guard let plural = steps.popFirst(), steps.count <= 2,
      let kind = storage.read({ $0.kinds.kind(group: group, version: version, plural: plural) })
    else { return nil }
    guard kind.namespaced || namespace.isEmpty else { return nil }
    let name = steps.popFirst()
    if kind.namespaced, namespace.isEmpty, name != nil { return nil }
    return ResourcePath(kind: kind, namespace: namespace, name: name, subresource: steps.popFirst())
  }

  private func resource(_ request: APIRequest, _ path: ResourcePath) throws(StatusError) -> APIResponse {
    if let subresource = path.subresource {
      let known =
        subresource == "status" && path.kind.hasStatus || subresource == "finalize" && path.kind.plural == "namespaces"
      guard known else { return .text(404, "404 page not found\n") }
    }
    storage.sweepEvents(path.kind.resource, now: now())
    switch (request.method, path.name) {
    case ("GET", let name?): return try get(request, path, name)
    case ("GET", nil): return request.flag("watch") ? try watch(request, path) : try list(request, path)
    case ("POST", nil): return try create(request, path)
    case ("PUT", let name?): return try update(request, path, name)
    case ("PATCH", let name?): return try patch(request, path, name)
    case ("DELETE", let name?): return try delete(request, path, name)
    case ("DELETE", nil): return try deleteCollection(request, path)
    default: throw .methodNotAllowed()
    }
  }

  /// The present time as objects write it.
  var timestamp: String { RFC3339Time(secondsSince1970: now().timeIntervalSince1970).text() }

  /// A random identity for a new object.
  static func uid() -> String { UUID().uuidString.lowercased() }
}
