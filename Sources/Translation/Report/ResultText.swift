import JSONText
import KubernetesAPI

extension TranslationResult: CustomStringConvertible {
  /// The table and all statuses as YAML for people: complete, in a fixed order, one line a rule, endpoint or condition.
  public var description: String {
    var members = [("table", text(of: table)), ("statuses", text(of: statuses))]
    if !plans.isEmpty { members.append(("objects", YAMLText.sorted(plans, text))) }
    return YAMLText.map(members).lines.joined(separator: "\n") + "\n"
  }
}

/// The objects as somebody would write them down, without the hash that every change of them changes.
private func text(of plan: GatewayPlan) -> YAMLText {
  guard case .objects(let objects) = plan else { return .text("as they are") }
  return .list(
    objects.map { object in
      var json = object.json
      json["metadata", "annotations", ProvisionedObject.hashAnnotation] = nil
      if json["metadata", "annotations"] == [:] { json["metadata", "annotations"] = nil }
      return text(of: json)
    })
}

private func text(of json: JSONValue) -> YAMLText {
  switch json {
  case .object(let members):
    // Who it is comes first, as in every manifest.
    let order = ["apiVersion", "kind", "metadata"]
    let names = order.filter { members[$0] != nil } + members.keys.filter { !order.contains($0) }.sorted()
    return .map(names.map { ($0, text(of: members[$0] ?? .null)) })
  case .array(let items): return .list(items.map(text))
  case .string(let value): return .text(value)
  default: return .text(JSONWriter.text(of: json))
  }
}
