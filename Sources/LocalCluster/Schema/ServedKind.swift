import KubernetesAPI

/// One kind in one version, as discovery, OpenAPI, tables and validation need it: built in, or from a CRD.
struct ServedKind: Sendable {
  var group: String
  var version: String
  var kind: String
  var listKind: String
  var plural: String
  var singular: String
  var shortNames: [String] = []
  var categories: [String] = []
  var namespaced: Bool
  var verbs: [String] = ServedKind.allVerbs
  /// Whether the `status` subresource exists; the main resource then ignores changes to `status`.
  var hasStatus: Bool
  /// `nil` for kinds whose fields the local cluster does not check.
  var schema: StructuralSchema?
  /// Which lists and maps are merged how, where the schema does not say it: the built-in kinds.
  var mergeSchema: SchemaNode?
  /// All columns of a table, the name first.
  var printerColumns: [PrinterColumn]
  /// Fields that a field selector may name besides name and namespace, such as `spec.colour`.
  var selectableFields: Set<String> = []
  /// Objects of all versions of a kind are stored once, in this version.
  var isStorageVersion = true
  /// The identity of the CustomResourceDefinition behind it; empty for a built-in kind.
  var definitionUID = ""
  /// Sent as a `Warning` header with each request to a deprecated version.
  var deprecationWarning: String?

  /// `v1` or `group/version`.
  var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }

  static let allVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]
}

typealias BuiltInKind = ServedKind
