package import JSONText

extension SchemaNode {
  /// Removes fields of the object's metadata that there are not.
  package static func pruneMetadata(_ members: inout [String: JSONValue], unknown: inout [String]) {
    guard var metadata = members["metadata"] else { return }
    ObjectMetadata.node.prune(&metadata, path: "metadata", unknown: &unknown)
    members["metadata"] = metadata
  }

  package func prune(_ value: inout JSONValue, path: String, isRoot: Bool = false, unknown: inout [String]) {
    switch value {
    case .object(var members):
      let servers = isRoot || isEmbeddedResource ? Self.serverFields : []
      // The object's own metadata is the same for every kind, and known to the last field.
      if isRoot { Self.pruneMetadata(&members, unknown: &unknown) }
      for (name, var member) in members where !servers.contains(name) {
        let place = path.isEmpty ? name : "\(path).\(name)"
        if let node = properties[name] ?? additionalProperties {
          node.prune(&member, path: place, unknown: &unknown)
          members[name] = member
        } else if !preservesUnknownFields {
          members[name] = nil
          unknown.append(place)
        }
      }
      value = .object(members)
    case .array(var elements):
      guard let items else { return }
      for index in elements.indices {
        items.prune(&elements[index], path: "\(path)[\(index)]", unknown: &unknown)
      }
      value = .array(elements)
    default: break
    }
  }
}
