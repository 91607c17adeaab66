package import JSONText

extension SchemaNode {
  package func applyDefaults(_ value: inout JSONValue, isRoot: Bool = false) {
    switch value {
    case .object(var members):
      for (name, node) in properties where !(isRoot && Self.serverFields.contains(name)) {
        if let filled = node.filled(members[name]) { members[name] = filled } else { members[name] = nil }
      }
      if let additionalProperties {
        for (name, member) in members where properties[name] == nil {
          members[name] = additionalProperties.filled(member)
        }
      }
      value = .object(members)
    case .array(var elements):
      guard let items else { return }
      for index in elements.indices { items.applyDefaults(&elements[index]) }
      value = .array(elements)
    default: break
    }
  }

  /// Fields at the root that belong to the server, whatever the schema says.
  package static let serverFields: Set<String> = ["apiVersion", "kind", "metadata"]

  private func filled(_ value: JSONValue?) -> JSONValue? {
    var value = value
    if value == .null && !isNullable { value = nil }
    guard var filled = value ?? defaultValue else { return nil }
    applyDefaults(&filled)
    return filled
  }
}
