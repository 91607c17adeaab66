package import JSONText
import KubernetesAPI

/// The metadata that every object has, whatever its kind.
///
/// Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/
package enum ObjectMetadata {
  package static let node: SchemaNode = {
    var problems: [FieldError] = []
    return SchemaNode(schema, path: "metadata", problems: &problems)
  }()

  /// What Go's decoder says of the first field that has a wrong type.
  package static func typeProblem(_ metadata: JSONValue, isCustom: Bool) -> String? {
    for (name, value) in (metadata.objectValue ?? [:]).sorted(by: { $0.key < $1.key }) where value != .null {
      guard let field = node.properties[name], let (found, wanted) = mismatch(value, field) else { continue }
      let place = isCustom ? "ObjectMeta.\(name)" : "ObjectMeta.metadata.\(name)"
      return "json: cannot unmarshal \(found) into Go struct field \(place) of type \(wanted)"
    }
    return nil
  }

  private static func mismatch(_ value: JSONValue, _ node: SchemaNode) -> (found: String, wanted: String)? {
    let found = value.typeName == "integer" ? "number" : value.typeName == "boolean" ? "bool" : value.typeName
    switch node.type {
    case "string": return value.stringValue == nil ? (found, "string") : nil
    case "integer": return value.integerValue == nil ? (found, "int64") : nil
    case "object":
      guard let entries = node.additionalProperties else { return nil }
      guard let members = value.objectValue else { return (found, "map[string]string") }
      return members.sorted { $0.key < $1.key }.compactMap { mismatch($0.value, entries) }.first
    case "array":
      guard let elements = value.arrayValue else {
        return (
          found,
          node.items?.type == "string"
            ? "[]string" : "[]v1.\(node.items?.isAtomicMap == true ? "OwnerReference" : "ManagedFieldsEntry")"
        )
      }
      guard let items = node.items, items.type == "string" else { return nil }
      return elements.compactMap { mismatch($0, items) }.first
    default: return nil
    }
  }

  private static let text: JSONValue = ["type": "string"]
  private static let number: JSONValue = ["type": "integer"]
  private static let texts: JSONValue = ["type": "object", "additionalProperties": ["type": "string"]]

  private static let schema: JSONValue = [
    "type": "object",
    "properties": [
      "name": text, "generateName": text, "namespace": text, "selfLink": text, "uid": text, "resourceVersion": text,
      "generation": number, "creationTimestamp": text, "deletionTimestamp": text, "deletionGracePeriodSeconds": number,
      "labels": texts, "annotations": texts, "ownerReferences": owners,
      "finalizers": ["type": "array", "x-kubernetes-list-type": "set", "items": text],
      "managedFields": ["type": "array", "items": managedField],
    ],
  ]

  private static let owners: JSONValue = [
    "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["uid"],
    "items": [
      "type": "object", "x-kubernetes-map-type": "atomic",
      "properties": [
        "apiVersion": text, "kind": text, "name": text, "uid": text, "controller": ["type": "boolean"],
        "blockOwnerDeletion": ["type": "boolean"],
      ],
    ],
  ]

  private static let managedField: JSONValue = [
    "type": "object",
    "properties": [
      "manager": text, "operation": text, "apiVersion": text, "time": text, "fieldsType": text, "subresource": text,
      "fieldsV1": ["type": "object", "x-kubernetes-preserve-unknown-fields": true],
    ],
  ]
}
