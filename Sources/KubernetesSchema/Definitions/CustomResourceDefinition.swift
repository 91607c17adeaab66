package import JSONText
import KubernetesAPI

/// What a CustomResourceDefinition object says: the kind it adds, in which versions, with which schemas.
package struct CustomResourceDefinition: Sendable {
  package struct Names: Sendable, Equatable {
    var kind: String
    var listKind: String
    var plural: String
    var singular: String
    var shortNames: [String]
    var categories: [String]
  }

  package struct Version: Sendable {
    var name: String
    var served: Bool
    var storage: Bool
    var deprecationWarning: String?
    var schema: StructuralSchema
    var hasStatus: Bool
    /// The name column first; `Age` is added when the definition names no columns.
    var printerColumns: [PrinterColumn]
    var selectableFields: Set<String>
  }

  package var uid: String
  package var group: String
  package var names: Names
  package var namespaced: Bool
  package var versions: [Version]

  /// - Throws: `SchemaError` with every field that is missing or wrong, in the API server's words.
  package init(_ object: JSONValue) throws(SchemaError) {
    var reader = CustomResourceDefinitionReader(object: object)
    let group = reader.text("spec", "group")
    names = reader.names()
    namespaced = reader.isNamespaced()
    versions = reader.versions()
    self.group = group
    uid = object.objectUID
    reader.checkName(plural: names.plural, group: group)
    if !reader.problems.isEmpty { throw SchemaError(errors: reader.problems) }
  }

  /// The kinds to serve, one a served version.
  package var servedKinds: [ServedKind] {
    versions.filter(\.served).map { version in
      ServedKind(
        group: group, version: version.name, kind: names.kind, listKind: names.listKind, plural: names.plural,
        singular: names.singular, shortNames: names.shortNames, categories: names.categories,
        namespaced: namespaced, verbs: Self.verbs, hasStatus: version.hasStatus, schema: version.schema,
        printerColumns: version.printerColumns, selectableFields: version.selectableFields,
        isStorageVersion: version.storage, definitionUID: uid,
        deprecationWarning: version.deprecationWarning)
    }
  }

  /// In the order in which the real server lists them for custom resources.
  private static let verbs = ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"]
}
