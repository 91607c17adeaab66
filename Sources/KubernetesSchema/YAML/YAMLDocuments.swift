public import JSONText
import KubernetesAPI
import Yams

/// Reads YAML (or JSON) documents as JSON values; empty documents are left out.
///
/// Plain words mean what they mean to Kubernetes' own reader: `y`, `no` and `on` are booleans, `1:30` is a text.
///
/// - Throws: `YamlError` with line and column, or a description of a document that is nested too deeply or whose aliases
///   make it far larger than it is written.
public func yamlDocuments(_ text: String) throws -> [JSONValue] {
  var documents: [JSONValue] = []
  try readYAML(text) { documents.append($0) }
  return documents.filter { $0 != .null }
}

/// Reads documents as ``yamlDocuments(_:)`` does, one after the other; an empty one is null.
///
/// - Parameter take: is given each document, also those before a mistake.
/// - Throws: what ``yamlDocuments(_:)`` throws.
public func readYAML(_ text: String, take: (JSONValue) -> Void) throws {
  // The parser itself, not `compose_all`: that sequence ends silently at an error.
  let parser = try Yams.Parser(yaml: text, resolver: try PlainScalar.resolver())
  var reader = YAMLNodeReader(nodesLeft: 100_000 + 2 * text.utf8.count)
  while let node = try parser.nextRoot() { take(try reader.value(of: node)) }
}

/// A YAML node that JSON has no value for.
struct YAMLNodeError: Error, Sendable, Equatable, CustomStringConvertible {
  let description: String
}

/// Makes JSON values of nodes. An alias stands for a whole copy of what it names, so all copies are counted: a short text
/// may not unfold without end.
private struct YAMLNodeReader {
  var nodesLeft: Int
  private var depth = 0
  private static let maximumDepth = 256

  init(nodesLeft: Int) {
    self.nodesLeft = nodesLeft
  }

  mutating func value(of node: Yams.Node) throws(YAMLNodeError) -> JSONValue {
    nodesLeft -= 1
    guard nodesLeft > 0 else {
      throw YAMLNodeError(description: "document contains excessive aliasing, line \(node.mark?.line ?? 0)")
    }
    depth += 1
    defer { depth -= 1 }
    guard depth < Self.maximumDepth else {
      throw YAMLNodeError(description: "document is nested too deeply, line \(node.mark?.line ?? 0)")
    }
    switch node {
    case .scalar(let scalar): return try PlainScalar.value(scalar, tag: node.tag.rawValue)
    case .sequence(let sequence):
      var elements: [JSONValue] = []
      for element in sequence { elements.append(try value(of: element)) }
      return .array(elements)
    case .mapping(let mapping): return try object(mapping)
    case .alias:
      throw YAMLNodeError(description: "an alias was not resolved, line \(node.mark?.line ?? 0)")
    }
  }

  private mutating func object(_ mapping: Yams.Node.Mapping) throws(YAMLNodeError) -> JSONValue {
    var members: [String: JSONValue] = [:]
    var merged: [JSONValue] = []
    for (key, node) in mapping {
      guard case .scalar(let name) = key else {
        throw YAMLNodeError(description: "a mapping key must be a scalar, line \(key.mark?.line ?? 0)")
      }
      let value = try value(of: node)
      if name.style == .plain, name.string == "<<" {
        merged += value.arrayValue ?? [value]
      } else {
        members[try PlainScalar.key(name, tag: key.tag.rawValue)] = value
      }
    }
    for (name, value) in merged.flatMap({ $0.objectValue ?? [:] }) where members[name] == nil { members[name] = value }
    return .object(members)
  }
}
