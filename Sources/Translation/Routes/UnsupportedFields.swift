import KubernetesAPI

/// What the rule at `field` (for example `spec.rules[0]`) asks for that this version of Switchyard does not do, one
/// finding a field. A rule with any of these is dropped: to serve it without, say, its sessions would be to serve something
/// else than was asked for.
func unsupportedFields(of rule: HTTPRouteRule, field: String) -> [Finding] {
  var messages: [String] = []
  for (index, backend) in rule.backendRefs.enumerated() {
    if let weight = backend.weight, !(0...1_000_000).contains(weight) {
      messages.append("\(field).backendRefs[\(index)].weight \(weight) is out of range: use 0 to 1000000")
    }
  }
  if rule.sessionPersistence != nil { messages.append(absent("\(field).sessionPersistence")) }
  return messages.map { Finding(.unsupportedValue, $0) }
}

/// What is said of a field that this version of Switchyard does not serve.
func absent(_ field: String) -> String { "\(field) is not supported by this version of Switchyard: remove it" }
