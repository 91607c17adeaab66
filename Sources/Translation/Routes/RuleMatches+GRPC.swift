import KubernetesAPI
import Routing

extension RuleMatches {
  /// Reads `matches` of the rule at `field`. No match at all takes every call.
  ///
  /// A call is a request for `/SERVICE/METHOD`: an exact path where both are given, everything below `/SERVICE` where the method is
  /// not.
  ///
  /// Source: `GRPCRouteMatch`, Gateway API v1.
  init(_ rule: GRPCRouteRule, field: String) {
    self.init()
    if rule.matches.isEmpty { matches = [RequestMatch()] }
    for (index, match) in rule.matches.enumerated() {
      let place = "\(field).matches[\(index)]"
      read { reader in
        let path = reader.readCall(match.method, field: place + ".method")
        let headers = reader.readHeaders(match.headers, field: place + ".headers")
        return path.map { RequestMatch(path: $0, headers: headers) }
      }
    }
  }

  private mutating func readCall(_ call: GRPCMethodMatch?, field: String) -> PathMatch? {
    guard let call else { return .prefix("/") }
    let (service, method) = (call.service ?? "", call.method ?? "")
    switch call.type ?? "Exact" {
    case "Exact" where service.isEmpty && method.isEmpty:
      problems.append("\(field) names neither a service nor a method: name one, or remove \(field)")
      return nil
    case "Exact" where service.isEmpty:
      return expression("/[^/]+/" + Self.escaped(method), field: field + ".method").map(PathMatch.regularExpression)
    case "Exact": return method.isEmpty ? .prefix("/" + service) : .exact("/\(service)/\(method)")
    case "RegularExpression":
      let parts = [service, method].map { $0.isEmpty ? "[^/]+" : "(\($0))" }
      return expression("/" + parts.joined(separator: "/"), field: field).map(PathMatch.regularExpression)
    default:
      problems.append("\(field).type \(call.type ?? "") is unknown: use Exact or RegularExpression")
      return nil
    }
  }

  /// The text as an expression that stands for nothing else.
  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { $0 += $1.isLetter || $1.isNumber || $1 == "_" ? String($1) : "\\\($1)" }
  }
}
