import JSONText
import KubernetesSchema

/// The OpenAPI v3 document of one group and version: what `kubectl explain` shows, and what `kubectl apply` reads to
/// learn that the server validates fields itself.
///
/// Source: https://kubernetes.io/docs/concepts/overview/kubernetes-api/#openapi-v3
enum OpenAPIDocument {
  /// The document for the given kinds, which must be of that group and version.
  static func document(group: String, version: String, kinds: [ServedKind]) -> JSONValue {
    var paths: [String: JSONValue] = [:]
    var schemas = OpenAPIMetaSchemas.all
    for kind in kinds.sorted(by: { $0.plural < $1.plural }) {
      paths.merge(OpenAPIPaths(kind: kind).all) { first, _ in first }
      schemas[schemaName(kind)] = objectSchema(kind)
      schemas[schemaName(kind) + "List"] = listSchema(kind)
    }
    return [
      "openapi": "3.0.0",
      "info": ["title": "Kubernetes", "version": "v0.1.0"],
      "paths": .object(paths),
      "components": ["schemas": .object(schemas)],
    ]
  }

  /// The name of a kind's schema: the group's parts in reverse, such as
  /// `io.k8s.networking.inference.v1.InferencePool`, or `io.k8s.api.core.v1.Pod`.
  static func schemaName(_ kind: ServedKind) -> String {
    guard kind.group.contains(".") else {
      return "io.k8s.api.\(kind.group.isEmpty ? "core" : kind.group).\(kind.version).\(kind.kind)"
    }
    let reversed = kind.group.split(separator: ".").reversed().joined(separator: ".")
    return "\(reversed).\(kind.version).\(kind.kind)"
  }

  static func reference(_ name: String) -> JSONValue { ["$ref": .string("#/components/schemas/\(name)")] }

  static func groupVersionKind(_ kind: ServedKind, suffix: String = "") -> JSONValue {
    [
      "group": .string(kind.group), "version": .string(kind.version), "kind": .string(kind.kind + suffix),
    ]
  }

  private static func objectSchema(_ kind: ServedKind) -> JSONValue {
    var schema =
      kind.schema?.source.objectValue ?? [
        "type": "object", "x-kubernetes-preserve-unknown-fields": true,
        "description": .string("A \(kind.kind). The local cluster keeps its fields as they are written."),
      ]
    var properties = schema["properties"]?.objectValue ?? [:]
    properties["apiVersion"] = text("The group and version that this object is written in.")
    properties["kind"] = text("The kind of this object.")
    properties["metadata"] = [
      "description": "Name, namespace, labels and what else every object has.",
      "allOf": [reference(OpenAPIMetaSchemas.objectMeta)],
    ]
    schema["properties"] = .object(properties)
    schema["x-kubernetes-group-version-kind"] = [groupVersionKind(kind)]
    return .object(schema)
  }

  private static func listSchema(_ kind: ServedKind) -> JSONValue {
    [
      "type": "object",
      "description": .string("A list of objects of kind \(kind.kind)."),
      "required": ["items"],
      "properties": [
        "apiVersion": text("The group and version that this list is written in."),
        "kind": text("The kind of this list."),
        "metadata": [
          "description": "The list's version, and where it goes on.",
          "allOf": [reference(OpenAPIMetaSchemas.listMeta)],
        ],
        "items": [
          "description": "The objects.", "type": "array", "items": reference(schemaName(kind)),
        ],
      ],
      "x-kubernetes-group-version-kind": [groupVersionKind(kind, suffix: "List")],
    ]
  }

  private static func text(_ description: String) -> JSONValue {
    ["type": "string", "description": .string(description)]
  }
}
