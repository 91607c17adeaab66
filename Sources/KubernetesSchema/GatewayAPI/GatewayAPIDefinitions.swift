/// The Gateway API kinds that the local cluster serves, as CustomResourceDefinitions in YAML.
///
/// Whoever runs a real cluster installs them from the Gateway API project; here they are part of the cluster.
package enum GatewayAPIDefinitions {
  /// - Throws: `SchemaError` or a YAML error if one of our own definitions is wrong; a test reads them all.
  package static func kinds() throws -> [ServedKind] {
    try [
      gatewayClass, gateway, listenerSet, httpRoute, grpcRoute, tlsRoute, tcpRoute, udpRoute, referenceGrant,
      backendTLSPolicy,
    ].flatMap { definition in
      try yamlDocuments(definition).flatMap { try CustomResourceDefinition($0).servedKinds }
    }
  }

  /// A part of a definition that has a file of its own, moved `columns` to the right.
  static func part(_ text: String, at columns: Int) -> String {
    let margin = String(repeating: " ", count: columns)
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : margin + $0 }
      .joined(separator: "\n")
  }
}
