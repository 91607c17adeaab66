import KubernetesAPI

/// What the rule at `field` (for example `spec.rules[0]`) asks for that this version of Switchyard does not do, one
/// message a field. A rule with any of these is dropped: to serve it without, say, its header filter would be to serve
/// something else than was asked for.
func unsupportedFields(of rule: HTTPRouteRule, field: String) -> [String] {
  var messages = rule.filters.enumerated().map { filterMessage($1, field: "\(field).filters[\($0)]") }
  for (index, backend) in rule.backendRefs.enumerated() {
    let place = "\(field).backendRefs[\(index)]"
    messages += backend.filters.enumerated().map { filterMessage($1, field: "\(place).filters[\($0)]") }
    if let weight = backend.weight, !(0...1_000_000).contains(weight) {
      messages.append("\(place).weight \(weight) is out of range: use 0 to 1000000")
    }
  }
  for (name, duration) in [("request", rule.timeouts?.request), ("backendRequest", rule.timeouts?.backendRequest)] {
    if let duration, !isZero(duration) { messages.append(absent("\(field).timeouts.\(name) \(duration)")) }
  }
  if rule.retry != nil { messages.append(absent("\(field).retry")) }
  if rule.sessionPersistence != nil { messages.append(absent("\(field).sessionPersistence")) }
  return messages
}

/// Whether a duration such as `0s` or `0h0m` asks for no time limit, which is what there is without one.
private func isZero(_ duration: String) -> Bool {
  duration.contains("0") && duration.allSatisfy { "0hms".contains($0) }
}

private func filterMessage(_ filter: HTTPRouteFilter, field: String) -> String { absent("\(field) (\(filter.type))") }

private func absent(_ field: String) -> String { "\(field) is not supported by this version of Switchyard: remove it" }
