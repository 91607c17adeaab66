public import KubernetesAPI
import Yams

/// Reads YAML (or JSON) documents as JSON values; empty documents are left out.
///
/// - Throws: `YamlError` with line and column.
public func yamlDocuments(_ text: String) throws -> [JSONValue] {
  // The parser itself, not `compose_all`: that sequence ends silently at an error.
  let parser = try Yams.Parser(yaml: text)
  var documents: [JSONValue] = []
  while let node = try parser.nextRoot() { documents.append(try jsonValue(of: node)) }
  return documents.filter { $0 != .null }
}

/// A YAML node that JSON has no value for.
struct YAMLNodeError: Error, Sendable, Equatable, CustomStringConvertible {
  let description: String
}

private func jsonValue(of node: Yams.Node) throws(YAMLNodeError) -> JSONValue {
  switch node {
  case .scalar(let scalar): return jsonValue(ofScalar: scalar, tag: node.tag.rawValue)
  case .sequence(let sequence):
    var elements: [JSONValue] = []
    for element in sequence { elements.append(try jsonValue(of: element)) }
    return .array(elements)
  case .mapping(let mapping):
    var members: [String: JSONValue] = [:]
    for (key, value) in mapping {
      guard case .scalar(let name) = key else {
        throw YAMLNodeError(description: "a mapping key must be a scalar, line \(key.mark?.line ?? 0)")
      }
      members[name.string] = try jsonValue(of: value)
    }
    return .object(members)
  case .alias:
    throw YAMLNodeError(description: "an alias was not resolved, line \(node.mark?.line ?? 0)")
  }
}

private func jsonValue(ofScalar scalar: Yams.Node.Scalar, tag: String) -> JSONValue {
  guard scalar.style == .plain || scalar.style == .any else { return .string(scalar.string) }
  switch tag {
  case "tag:yaml.org,2002:null": return .null
  case "tag:yaml.org,2002:bool":
    return Bool.construct(from: scalar).map(JSONValue.bool) ?? .string(scalar.string)
  case "tag:yaml.org,2002:int":
    return Int64.construct(from: scalar).map(JSONValue.integer) ?? .string(scalar.string)
  case "tag:yaml.org,2002:float":
    return Double.construct(from: scalar).map(JSONValue.number) ?? .string(scalar.string)
  default: return .string(scalar.string)
  }
}
