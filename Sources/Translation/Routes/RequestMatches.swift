import KubernetesAPI
import Routing

/// The matches of one rule, as far as they can be served, and what cannot.
struct RuleMatches {
  var matches: [RequestMatch] = []
  /// One message a field that cannot be served.
  var problems: [String] = []
  /// Whether some matches cannot be read, and so take no request.
  private(set) var hasUnreadable = false

  /// Reads `matches` of the rule at `field` (for example `spec.rules[0]`). No match at all takes every request.
  init(_ rule: HTTPRouteRule, field: String) {
    if rule.matches.isEmpty { matches = [RequestMatch()] }
    for (index, match) in rule.matches.enumerated() {
      let place = "\(field).matches[\(index)]"
      read { reader in
        let path = reader.readPath(match.path, field: place + ".path")
        let headers = reader.readHeaders(match.headers, field: place + ".headers")
        let parameters = reader.readValues(match.queryParams, field: place + ".queryParams") { $0 }
        let method = reader.readMethod(match.method, field: place + ".method")
        return path.map { RequestMatch(path: $0, method: method, headers: headers, queryParameters: parameters) }
      }
    }
  }

  /// No matches yet.
  init() {}

  /// Takes in a match, unless some of it cannot be read: without that part it would take more requests than its author meant.
  mutating func read(_ match: (inout RuleMatches) -> RequestMatch?) {
    let before = problems.count
    if let match = match(&self), problems.count == before { matches.append(match) } else { hasUnreadable = true }
  }

  mutating func readHeaders(_ headers: [HTTPValueMatch], field: String) -> [ValueMatch] {
    noteReserved(headers, field: field)
    return readValues(headers, field: field) { $0.lowercased() }
  }

  private mutating func readPath(_ path: HTTPPathMatch?, field: String) -> PathMatch? {
    let value = path?.value ?? "/"
    let type = path?.type ?? "PathPrefix"
    if type == "RegularExpression" {
      return expression(value, field: field + ".value").map(PathMatch.regularExpression)
    }
    guard value.hasPrefix("/") else {
      problems.append("\(field).value \(value) does not begin with /: write /\(value)")
      return nil
    }
    switch type {
    case "Exact":
      return .exact(value)
    case "PathPrefix":
      return .prefix(value)
    default:
      problems.append("\(field).type \(type) is unknown: use Exact, PathPrefix or RegularExpression")
      return nil
    }
  }

  private mutating func noteReserved(_ headers: [HTTPValueMatch], field: String) {
    for (index, header) in headers.enumerated() where ReservedHeaders.isNeverMatched(header.name.lowercased()) {
      problems.append(
        "\(field)[\(index)].name \(header.name) is taken away from clients' requests, so that no rule may match it: use "
          + "X-Gateway-Model-Name or X-Gateway-Base-Model-Name, which come from the body, or a name of your own")
    }
  }

  /// Of two entries with one name the first counts, as the specification says.
  private mutating func readValues(
    _ values: [HTTPValueMatch], field: String, name: (String) -> String
  ) -> [ValueMatch] {
    var seen: Set<String> = []
    var result: [ValueMatch] = []
    for (index, value) in values.enumerated() where seen.insert(name(value.name)).inserted {
      guard let pattern = readPattern(value, field: "\(field)[\(index)]") else { continue }
      result.append(ValueMatch(name: name(value.name), value: pattern))
    }
    return result
  }

  private mutating func readPattern(_ value: HTTPValueMatch, field: String) -> ValuePattern? {
    switch value.type ?? "Exact" {
    case "Exact":
      return .exact(value.value)
    case "RegularExpression":
      return expression(value.value, field: field + ".value").map(ValuePattern.regularExpression)
    default:
      problems.append("\(field).type \(value.type ?? "") is unknown: use Exact or RegularExpression")
      return nil
    }
  }

  private mutating func readMethod(_ method: String?, field: String) -> String? {
    guard let method else { return nil }
    if !Self.methods.contains(method) {
      problems.append("\(field) \(method) is unknown: use one of \(Self.methods.joined(separator: ", "))")
    }
    return method
  }

  mutating func expression(_ text: String, field: String) -> CompiledExpression? {
    do {
      return try CompiledExpression(text)
    } catch {
      problems.append("\(field) \(text) is no regular expression that can be used: \(error)")
      return nil
    }
  }

  /// The methods that Gateway API knows.
  static let methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"]
}
