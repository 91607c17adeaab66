import Foundation
import KubernetesAPI
import Routing

/// What a pool's annotation says of the routes by which clients may run its model servers.
struct EngineRouteAnnotation {
  static let name = "switchyard.dev/allowed-engine-routes"

  let routes: EngineRoutes
  private let unknown: [String]

  /// `nil` for a pool without the annotation. What is unknown in it is left out; the rest counts.
  init?(_ metadata: ObjectMeta) {
    guard let text = metadata.annotations[Self.name] else { return nil }
    var allowed: Set<String> = []
    var unknown: [String] = []
    var allowsAll = false
    for item in text.split(separator: ",").map({ $0.trimmingCharacters(in: .whitespaces) }) where !item.isEmpty {
      let route = Self.route(item)
      if item == "*" {
        allowsAll = true
      } else if EngineRoutes.names.contains(route) {
        allowed.insert(route)
      } else {
        unknown.append(item)
      }
    }
    routes = EngineRoutes(allowed: allowsAll ? [] : allowed, allowsAll: allowsAll)
    self.unknown = unknown
  }

  /// As people write it: `/sleep`, `sleep`, `/v1/load_lora_adapter`.
  private static func route(_ item: String) -> String {
    let path = item.hasPrefix("/") ? String(item.dropFirst()) : item
    return path.hasPrefix("v1/") ? String(path.dropFirst(3)) : path
  }

  /// The condition of the pool, which only pools with the annotation have.
  func condition(of metadata: ObjectMeta) -> Condition {
    var problem: Finding?
    if !unknown.isEmpty {
      let known = EngineRoutes.names.map { "/" + $0 }.joined(separator: ", ")
      problem = Finding(
        .invalidAnnotation,
        "annotation \(Self.name) names \(unknown.joined(separator: ", ")), which the gateway does not know as engine routes "
          + "and leaves out: use * for all, or some of \(known), with commas between them")
    }
    let names = routes.allowsAll ? ["*"] : routes.allowed.sorted().map { "/" + $0 }
    let message = names.isEmpty ? "no engine route is allowed" : "clients may call \(names.joined(separator: ", "))"
    return Condition(.engineRoutesAllowed, unless: problem, reason: .engineRoutesAllowed, message, of: metadata)
  }
}
