/// All kinds that the local cluster serves without a CustomResourceDefinition object.
enum BuiltInKinds {
  /// - Throws: `SchemaError` or a YAML error if one of our own definitions is wrong; a test reads them all.
  static func all() throws -> [ServedKind] {
    CoreKinds.all + SystemKinds.all + (try GatewayAPIDefinitions.kinds())
  }
}
