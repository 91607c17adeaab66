import Foundation
import KubernetesClient

/// One request to an API server, as its authorization sees it.
///
/// Source: <https://kubernetes.io/docs/reference/access-authn-authz/authorization/#determine-the-request-verb>
struct Access: Hashable, CustomStringConvertible {
  var verb: String
  /// "" for the core group.
  var group: String
  /// `pods`, or `pods/status` for a subresource.
  var resource: String
  /// "" for all namespaces, and for what is in none.
  var namespace = ""
  /// "" for a collection, unless its field selector names one object.
  var name = ""

  var description: String { "\(verb) \(resource)\(group.isEmpty ? "" : ".\(group)")\(name.isEmpty ? "" : " \(name)")" }

  /// `nil` for a request about no resource, such as discovery, which is everybody's.
  init?(_ request: HTTPRequest) {
    guard let url = URLComponents(string: request.url) else { return nil }
    var parts = url.path.split(separator: "/").map(String.init)[...]
    switch parts.popFirst() {
    case "api": group = ""
    case "apis": group = parts.popFirst() ?? ""
    default: return nil
    }
    guard parts.popFirst() != nil, !parts.isEmpty else { return nil }
    if parts.count > 2, parts.first == "namespaces", !["status", "finalize"].contains(parts[parts.startIndex + 2]) {
      namespace = parts[parts.startIndex + 1]
      parts = parts.dropFirst(2)
    }
    resource = parts.removeFirst()
    let query = url.queryItems ?? []
    let selected = query.first { $0.name == "fieldSelector" }?.value ?? ""
    let isCollection = parts.isEmpty
    name = parts.popFirst() ?? (selected.hasPrefix("metadata.name=") ? String(selected.dropFirst(14)) : "")
    if let subresource = parts.popFirst() { resource += "/\(subresource)" }
    let isWatch = query.contains { $0.name == "watch" && $0.value == "true" }
    switch request.method {
    case "GET": verb = isWatch ? "watch" : isCollection ? "list" : "get"
    case "POST": verb = "create"
    case "PUT": verb = "update"
    case "PATCH": verb = "patch"
    case "DELETE": verb = isCollection ? "deletecollection" : "delete"
    default: verb = request.method.lowercased()
    }
  }
}
