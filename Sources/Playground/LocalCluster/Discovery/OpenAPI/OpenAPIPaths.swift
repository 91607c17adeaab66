import JSONText
import KubernetesSchema

/// The operations on one kind, by path.
struct OpenAPIPaths {
  let kind: ServedKind

  var all: [String: JSONValue] {
    let root = kind.group.isEmpty ? "/api/\(kind.version)" : "/apis/\(kind.group)/\(kind.version)"
    let collection = kind.namespaced ? "\(root)/namespaces/{namespace}/\(kind.plural)" : "\(root)/\(kind.plural)"
    var paths: [String: JSONValue] = [:]
    if kind.namespaced { paths["\(root)/\(kind.plural)"] = ["get": operation("list", returnsList: true)] }
    paths[collection] = collectionItem
    paths["\(collection)/{name}"] = objectItem(hasDelete: true)
    if kind.hasStatus { paths["\(collection)/{name}/status"] = objectItem(hasDelete: false) }
    return paths
  }

  private var collectionItem: JSONValue {
    [
      "get": operation("list", returnsList: true),
      "post": operation("post", body: ["application/json", "application/yaml"], query: Self.writeParameters),
      "delete": operation("deletecollection"),
      "parameters": .array(pathParameters(includesName: false)),
    ]
  }

  private func objectItem(hasDelete: Bool) -> JSONValue {
    var item: [String: JSONValue] = [
      "get": operation("get"),
      "put": operation("put", body: ["application/json", "application/yaml"], query: Self.writeParameters),
      // Strategic merge is not announced: kubectl then takes the patch rules of core kinds from its own types.
      "patch": operation(
        "patch",
        body: ["application/apply-patch+yaml", "application/json-patch+json", "application/merge-patch+json"],
        query: Self.writeParameters + [Self.parameter("force", "boolean", "Take over fields that others own.")]),
      "parameters": .array(pathParameters(includesName: true)),
    ]
    if hasDelete { item["delete"] = operation("delete") }
    return .object(item)
  }

  private func pathParameters(includesName: Bool) -> [JSONValue] {
    var parameters: [JSONValue] = []
    if includesName { parameters.append(Self.pathParameter("name", "The object's name.")) }
    if kind.namespaced { parameters.append(Self.pathParameter("namespace", "The object's namespace.")) }
    return parameters
  }

  private func operation(
    _ action: String, returnsList: Bool = false, body: [String] = [], query: [JSONValue] = []
  ) -> JSONValue {
    let name = OpenAPIDocument.schemaName(kind)
    let schema = OpenAPIDocument.reference(returnsList ? name + "List" : name)
    let answer: JSONValue = [
      "description": "OK",
      "content": ["application/json": ["schema": schema], "application/yaml": ["schema": schema]],
    ]
    var operation: [String: JSONValue] = [
      "description": .string("\(action) objects of kind \(kind.kind)"),
      "responses": ["200": answer, "401": ["description": "Unauthorized"]],
      "x-kubernetes-action": .string(action),
      "x-kubernetes-group-version-kind": OpenAPIDocument.groupVersionKind(kind),
    ]
    if !query.isEmpty { operation["parameters"] = .array(query) }
    if !body.isEmpty {
      var content: [String: JSONValue] = [:]
      for type in body {
        let isPatch = type.contains("json-patch") || type.contains("merge-patch")
        content[type] = ["schema": isPatch ? ["type": "object"] : schema]
      }
      operation["requestBody"] = ["required": true, "content": .object(content)]
    }
    return .object(operation)
  }

  private static let writeParameters = [
    parameter("dryRun", "string", "All: check everything, store nothing."),
    parameter("fieldManager", "string", "Who makes the change."),
    parameter(
      "fieldValidation", "string", "Ignore, Warn or Strict: what happens to unknown and duplicate fields."),
  ]

  private static func parameter(_ name: String, _ type: String, _ description: String) -> JSONValue {
    [
      "name": .string(name), "in": "query", "description": .string(description),
      "schema": ["type": .string(type), "uniqueItems": true],
    ]
  }

  private static func pathParameter(_ name: String, _ description: String) -> JSONValue {
    [
      "name": .string(name), "in": "path", "required": true, "description": .string(description),
      "schema": ["type": "string", "uniqueItems": true],
    ]
  }
}
