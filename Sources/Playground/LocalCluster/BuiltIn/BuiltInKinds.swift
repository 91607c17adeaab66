import KubernetesSchema

/// All kinds that the local cluster serves without a CustomResourceDefinition object.
enum BuiltInKinds {
  /// - Throws: `SchemaError` or a YAML error if one of our own definitions is wrong; a test reads them all.
  static func all() throws -> [ServedKind] {
    let schemas = try CoreSchemas.all()
    let kubernetes = (CoreKinds.all + SystemKinds.all).map { kind in
      var kind = kind
      kind.schema = schemas[kind.kind]
      kind.mergeSchema = CoreMergeRules.node(kind.kind, kind.schema)
      return kind
    }
    return kubernetes + (try GatewayAPIDefinitions.kinds())
  }
}
