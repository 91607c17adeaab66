/// One kind in one version, as discovery, OpenAPI, tables and validation need it: built in, or from a CRD.
package struct ServedKind: Sendable {
  package var group: String
  package var version: String
  package var kind: String
  package var listKind: String
  package var plural: String
  package var singular: String
  package var shortNames: [String] = []
  package var categories: [String] = []
  package var namespaced: Bool
  package var verbs: [String] = ServedKind.allVerbs
  /// Whether the `status` subresource exists; the main resource then ignores changes to `status`.
  package var hasStatus: Bool
  /// `nil` for kinds whose fields the local cluster does not check.
  package var schema: StructuralSchema?
  /// Which lists and maps are merged how, where the schema does not say it: the built-in kinds.
  package var mergeSchema: SchemaNode?
  /// All columns of a table, the name first.
  package var printerColumns: [PrinterColumn]
  /// Fields that a field selector may name besides name and namespace, such as `spec.colour`.
  package var selectableFields: Set<String> = []
  /// Objects of all versions of a kind are stored once, in this version.
  package var isStorageVersion = true
  /// The identity of the CustomResourceDefinition behind it; empty for a built-in kind.
  package var definitionUID = ""
  /// Sent as a `Warning` header with each request to a deprecated version.
  package var deprecationWarning: String?

  /// A kind.
  package init(
    group: String, version: String, kind: String, listKind: String, plural: String, singular: String,
    shortNames: [String] = [], categories: [String] = [], namespaced: Bool, verbs: [String] = ServedKind.allVerbs,
    hasStatus: Bool, schema: StructuralSchema? = nil, mergeSchema: SchemaNode? = nil, printerColumns: [PrinterColumn],
    selectableFields: Set<String> = [], isStorageVersion: Bool = true, definitionUID: String = "",
    deprecationWarning: String? = nil
  ) {
    self.group = group
    self.version = version
    self.kind = kind
    self.listKind = listKind
    self.plural = plural
    self.singular = singular
    self.shortNames = shortNames
    self.categories = categories
    self.namespaced = namespaced
    self.verbs = verbs
    self.hasStatus = hasStatus
    self.schema = schema
    self.mergeSchema = mergeSchema
    self.printerColumns = printerColumns
    self.selectableFields = selectableFields
    self.isStorageVersion = isStorageVersion
    self.definitionUID = definitionUID
    self.deprecationWarning = deprecationWarning
  }

  /// `v1` or `group/version`.
  package var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }

  package static let allVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]
}
