import Foundation
import JSONText
import KubernetesAPI

/// One request to the API, free of any HTTP library.
struct APIRequest: Sendable {
  var method: String
  var path: String
  var query: [String: String]
  var accept: String
  var contentType: String
  var userAgent: String
  var body: [UInt8]

  init(
    method: String, target: String, accept: String = "application/json", contentType: String = "application/json",
    userAgent: String = "", body: [UInt8] = []
  ) {
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    self.method = method
    let path = String(parts.first ?? "")
    // Names of roles have colons.
    self.path = path.removingPercentEncoding ?? path
    self.query = parts.count > 1 ? Self.parse(query: parts[1]) : [:]
    self.accept = accept
    self.contentType = contentType
    self.userAgent = userAgent
    self.body = body
  }

  /// Of a parameter given twice the first one counts, as in Go's `url.Values.Get`.
  private static func parse(query: Substring) -> [String: String] {
    var result: [String: String] = [:]
    for pair in query.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = decode(parts[0])
      if result[name] == nil { result[name] = parts.count > 1 ? decode(parts[1]) : "" }
    }
    return result
  }

  private static func decode(_ text: Substring) -> String {
    let spaced = text.replacing("+", with: " ")
    return String(spaced).removingPercentEncoding ?? String(spaced)
  }

  /// Whether a boolean parameter is set.
  func flag(_ name: String) -> Bool { query[name].map { $0 == "true" || $0 == "1" } ?? false }

  /// Who writes, for `managedFields`: the parameter, else the first word of the user agent, as in the real server.
  var fieldManager: String {
    if let manager = query["fieldManager"], !manager.isEmpty { return manager }
    let program = userAgent.prefix { $0 != "/" && $0 != " " }
    return program.isEmpty ? "unknown" : String(program)
  }

  /// Whether nothing may be stored.
  var isDryRun: Bool { query["dryRun"] != nil && query["dryRun"] != "" }
}

/// The answer to a request.
struct APIResponse: Sendable {
  /// What follows the head.
  enum Body: Sendable {
    case bytes([UInt8])
    case watch(WatchPlan)
  }

  var status: Int
  var headers: [(name: String, value: String)]
  var body: Body

  static func json(_ status: Int, _ value: JSONValue, warnings: [String] = []) -> APIResponse {
    var answer = APIResponse(
      status: status, headers: [("Cache-Control", "no-cache, private"), ("Content-Type", "application/json")],
      body: .bytes(JSONWriter.bytes(of: value)))
    for warning in warnings { answer.addWarning(warning) }
    return answer
  }

  /// Adds what kubectl shows as `Warning: …`.
  mutating func addWarning(_ text: String) {
    headers.append(("Warning", "299 - \(JSONWriter.quoted(text))"))
  }

  static func text(_ status: Int, _ text: String) -> APIResponse {
    APIResponse(
      status: status,
      headers: [
        ("Cache-Control", "no-cache, private"), ("Content-Type", "text/plain; charset=utf-8"),
        ("X-Content-Type-Options", "nosniff"),
      ], body: .bytes(Array(text.utf8)))
  }

  static func failure(_ error: StatusError) -> APIResponse {
    var response = json(error.code, error.body)
    if case .integer(let seconds) = error.details?["retryAfterSeconds"] {
      response.headers.append(("Retry-After", String(seconds)))
    }
    return response
  }
}
