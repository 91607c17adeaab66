import Foundation
import KubernetesAPI
import KubernetesClient
import Synchronization

/// A few objects behind the paths of a Kubernetes API: enough to see what a writer asks for, and what comes of it.
///
/// It answers GET of an object, merge patches of objects and statuses with the check of resourceVersion, and POST.
final class MemoryAPIServer: HTTPTransport {
  private struct State {
    var objects: [String: JSONValue] = [:]
    var version: Int64 = 100
    var writes: [String] = []
  }

  private let state = Mutex(State())

  /// `METHOD path` of every request that changed something or tried to.
  var writes: [String] { state.withLock { $0.writes } }

  /// The object at a path.
  func object(_ path: String) -> JSONValue? { state.withLock { $0.objects[path] } }

  /// Puts an object at its path, as its owner would. Returns it as the server has it.
  func put<R: Resource>(_ object: R) throws -> R {
    let path = APIRequest.path(of: R.type, namespace: object.metadata.namespace, name: object.metadata.name)
    var json = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(Manifest(object)))
    state.withLock { state in
      state.version += 1
      json["metadata"]?["resourceVersion"] = .string(String(state.version))
      state.objects[path] = json
    }
    return try read(R.self, at: path)
  }

  /// The object at a path, decoded.
  func read<R: Resource>(_ type: R.Type, at path: String) throws -> R {
    try JSONDecoder().decode(R.self, from: JSONEncoder().encode(object(path)))
  }

  func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    let path = String(request.url.dropFirst("http://memory".count).prefix { $0 != "?" })
    let body = try request.body.map { try JSONDecoder().decode(JSONValue.self, from: Data($0)) } ?? .null
    let (status, answer) = state.withLock { Self.answer(request.method, path, body, &$0) }
    let bytes = try [UInt8](JSONEncoder().encode(answer))
    return HTTPResponse(status: status, headers: ["Content-Type": "application/json"], body: HTTPBody([bytes]))
  }

  private static func answer(
    _ method: String, _ path: String, _ body: JSONValue, _ state: inout State
  ) -> (Int, JSONValue) {
    if method != "GET" { state.writes.append("\(method) \(path)") }
    let target = path.hasSuffix("/status") ? String(path.dropLast("/status".count)) : path
    if method == "POST" {
      state.objects["\(path)/\(body["metadata"]?["name"]?.stringValue ?? "")"] = body
      return (201, body)
    }
    guard let present = state.objects[target] else { return failure(404, "NotFound") }
    guard method == "PATCH" else { return (200, present) }
    if let version = body["metadata"]?["resourceVersion"], version != present["metadata"]?["resourceVersion"] {
      return failure(409, "Conflict")
    }
    state.version += 1
    var merged = merge(body, into: present)
    merged["metadata"]?["resourceVersion"] = .string(String(state.version))
    state.objects[target] = merged
    return (200, merged)
  }

  private static func merge(_ patch: JSONValue, into value: JSONValue) -> JSONValue {
    guard case .object(let changes) = patch else { return patch }
    var members = value.objectValue ?? [:]
    for (name, change) in changes { members[name] = change.isNull ? nil : merge(change, into: members[name] ?? .null) }
    return .object(members)
  }

  private static func failure(_ code: Int, _ reason: String) -> (Int, JSONValue) {
    (
      code,
      [
        "kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": .string(reason),
        "code": .integer(Int64(code)), "message": .string(reason),
      ]
    )
  }
}
