import Foundation
import JSONText
import KubernetesAPI
import KubernetesClient
import Synchronization

/// A few objects behind the paths of a Kubernetes API: enough to see what a writer asks for, and what comes of it.
///
/// It answers GET of an object, merge patches of objects and statuses with the check of resourceVersion, and POST.
/// A kind that ``serve(_:)`` names can be listed, and watched without anything ever happening; discovery tells of it.
final class MemoryAPIServer: HTTPTransport {
  /// What happens to requests in place of an answer.
  enum Trouble: Sendable {
    case refuse(Int, reason: String, message: String = "", retryAfter: Int? = nil)
    /// No answer until the request is given up.
    case silence
  }

  private struct State {
    var objects: [String: JSONValue] = [:]
    var served: [String: JSONValue] = [:]
    var events: [String: [String]] = [:]
    var troubles: [(part: String, trouble: Trouble)] = []
    var version: Int64 = 100
    var writes: [String] = []
    var asked: [String] = []
  }

  private let state = Mutex(State())

  /// `METHOD path` of every request that changed something or tried to.
  var writes: [String] { state.withLock { $0.writes } }

  /// `METHOD path?query` of every request.
  var asked: [String] { state.withLock { $0.asked } }

  /// All objects by path.
  var objects: [String: JSONValue] { state.withLock { $0.objects } }

  /// The object at a path.
  func object(_ path: String) -> JSONValue? { state.withLock { $0.objects[path] } }

  /// Lets a kind be listed and watched, in all namespaces or in one.
  func serve<R: Resource>(_ type: R.Type, in namespace: String? = nil) {
    let path = APIRequest.path(of: R.type, namespace: namespace)
    state.withLock {
      $0.served[path] = ["apiVersion": .string(R.type.apiVersion), "kind": .string("\(R.type.kind)List")]
    }
  }

  /// Lets each watch of a kind bring these lines and end.
  func events<R: Resource>(of type: R.Type, _ lines: [String]) {
    state.withLock { $0.events[APIRequest.path(of: R.type, namespace: nil)] = lines }
  }

  /// Takes a kind's definition away.
  func unserve<R: Resource>(_ type: R.Type) {
    _ = state.withLock { $0.served.removeValue(forKey: APIRequest.path(of: R.type, namespace: nil)) }
  }

  /// Answers every request whose `METHOD path?query` holds `part` so, until told otherwise with `nil`.
  func trouble(_ part: String, _ trouble: Trouble?) {
    state.withLock { state in
      state.troubles.removeAll { $0.part == part }
      if let trouble { state.troubles.append((part, trouble)) }
    }
  }

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
    state.withLock { $0.asked.append("\(request.method) \(request.url.dropFirst("http://memory".count))") }
    let body = try request.body.map { try JSONDecoder().decode(JSONValue.self, from: Data($0)) } ?? .null
    let trouble = state.withLock { state in
      state.troubles.first { "\(request.method) \(request.url.dropFirst("http://memory".count))".contains($0.part) }?
        .trouble
    }
    if case .silence = trouble { try await Task.sleep(for: request.timeout ?? .seconds(60)) }
    let isServed = state.withLock { $0.served[path] != nil }
    if request.url.contains("watch=true"), trouble == nil, isServed {
      let lines = state.withLock { $0.events[path] }
      let body = lines.map { HTTPBody($0.map { Array("\($0)\n".utf8) }) } ?? HTTPBody(source: Quiet())
      return HTTPResponse(status: 200, headers: [:], body: body)
    }
    var headers: HTTPHeaders = ["Content-Type": "application/json"]
    if case .refuse(_, _, _, let seconds?) = trouble { headers["Retry-After"] = "\(seconds)" }
    let (status, answer) = state.withLock { state in
      if case .refuse(let code, let reason, let message, _) = trouble { return Self.failure(code, reason, message) }
      let (status, whole) = Self.answer(request.method, path, body, &state)
      var answer = whole
      let name = request.url.split(separator: "fieldSelector=metadata.name%3D").dropFirst().first?.prefix { $0 != "&" }
      if let name, let items = answer["items"]?.arrayValue {
        answer["items"] = .array(items.filter { $0["metadata"]?["name"]?.stringValue == String(name) })
      }
      return (status, answer)
    }
    let bytes = try [UInt8](JSONEncoder().encode(answer))
    return HTTPResponse(status: status, headers: headers, body: HTTPBody([bytes]))
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
    if method == "GET", let kinds = discovery(path, state) { return (200, kinds) }
    if method == "GET", let list = state.served[path] {
      return (200, Self.list(list, at: path, state))
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

  private static func discovery(_ path: String, _ state: State) -> JSONValue? {
    let parts = path.split(separator: "/")
    if path == "/apis" { return ["kind": "APIGroupList", "groups": []] }
    guard parts.count == (parts.first == "api" ? 2 : 3) else { return nil }
    let names = state.served.keys.filter { $0.hasPrefix("\(path)/") }.compactMap { $0.split(separator: "/").last }
    if names.isEmpty, parts.first == "apis" { return nil }
    return ["kind": "APIResourceList", "resources": .array(names.map { ["name": .string(String($0))] })]
  }

  private static func list(_ empty: JSONValue, at path: String, _ state: State) -> JSONValue {
    var list = empty
    let plural = path.split(separator: "/").last ?? ""
    let group = path.dropLast(plural.count)
    list["metadata"] = ["resourceVersion": .string(String(state.version))]
    list["items"] = .array(
      state.objects.filter { $0.key.hasPrefix(group) && $0.key.contains("/\(plural)/") }.map(\.value))
    return list
  }

  private static func merge(_ patch: JSONValue, into value: JSONValue) -> JSONValue {
    guard case .object(let changes) = patch else { return patch }
    var members = value.objectValue ?? [:]
    for (name, change) in changes { members[name] = change.isNull ? nil : merge(change, into: members[name] ?? .null) }
    return .object(members)
  }

  private static func failure(_ code: Int, _ reason: String, _ message: String = "") -> (Int, JSONValue) {
    (
      code,
      [
        "kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": .string(reason),
        "code": .integer(Int64(code)), "message": .string(message.isEmpty ? reason : message),
      ]
    )
  }
}

/// A watch on which nothing happens until its reader gives up.
private final class Quiet: HTTPBodySource {
  func next() async throws -> [UInt8]? {
    try await Task.sleep(for: .seconds(3600))
    return nil
  }
}
