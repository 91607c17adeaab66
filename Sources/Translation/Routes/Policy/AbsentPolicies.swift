import KubernetesAPI

/// What the rule at `field` asks for beyond where its requests go, one finding a field, for a data plane that does not
/// obey policies. A time limit of zero asks for none, which is what there is without one.
func absentPolicies(of rule: HTTPRouteRule, field: String) -> [Finding] {
  var fields = rule.filters.enumerated().map { "\(field).filters[\($0)] (\($1.type))" }
  for (index, backend) in rule.backendRefs.enumerated() {
    fields += backend.filters.enumerated().map { "\(field).backendRefs[\(index)].filters[\($0)] (\($1.type))" }
  }
  if rule.$timeouts != nil { fields.append("\(field).timeouts") }
  for (name, text) in [("request", rule.timeouts?.request), ("backendRequest", rule.timeouts?.backendRequest)] {
    if let text, GatewayDuration(text)?.nanoseconds != 0 { fields.append("\(field).timeouts.\(name) \(text)") }
  }
  if rule.retry != nil || rule.$retry != nil { fields.append("\(field).retry") }
  return fields.map { Finding("UnsupportedValue", absent($0)) }
}
