import Foundation
import KubernetesAPI
import Translation
import Yams

/// Reads the documents of a YAML file; plain scalars get JSON's types, timestamps stay text.
func documents(at file: URL) throws -> [ManifestDocument] {
  let text = try String(contentsOf: file, encoding: .utf8)
  return try documents(in: text, source: file.lastPathComponent)
}

/// Reads the documents of a YAML text.
func documents(in text: String, source: String) throws -> [ManifestDocument] {
  try Yams.compose_all(yaml: text).enumerated().map { index, node in
    ManifestDocument(source: source, number: index + 1, value: value(node))
  }
}

private func value(_ node: Yams.Node) -> JSONValue {
  switch node {
  case .mapping(let mapping):
    .object(Dictionary(mapping.map { ($0.string ?? "", value($1)) }, uniquingKeysWith: { $1 }))
  case .sequence(let items): .array(items.map(value))
  case .scalar(let scalar): value(scalar)
  case .alias: .null
  }
}

private func value(_ scalar: Yams.Node.Scalar) -> JSONValue {
  if scalar.style == .doubleQuoted || scalar.style == .singleQuoted { return .string(scalar.string) }
  switch scalar.string {
  case "", "~", "null": return .null
  case "true": return true
  case "false": return false
  default: break
  }
  if let integer = Int64(scalar.string) { return .integer(integer) }
  return Double(scalar.string).map(JSONValue.number) ?? .string(scalar.string)
}
