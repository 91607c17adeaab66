public import JSONText
import KubernetesAPI
import KubernetesSchema

/// Judges manifests as an API server would, without one: kinds of Gateway API, and those of the definitions given.
public struct ManifestValidator: Sendable {
  private let kinds: [ServedKind]

  /// A validator for Gateway API and the kinds of these CustomResourceDefinitions.
  ///
  /// - Throws: an error that names every mistake of a definition that cannot be used.
  public init(definitions: [JSONValue]) throws {
    kinds = try GatewayAPIDefinitions.kinds() + definitions.flatMap { try CustomResourceDefinition($0).servedKinds }
  }

  /// Why a server would refuse to create the object, in its words, one text a mistake; empty if it would not, or if the
  /// kind has no definition here. Fields that the schema does not know are no mistakes: a server drops them.
  public func refusals(_ object: JSONValue) -> [String] {
    let kind = kinds.first { .string($0.apiVersion) == object["apiVersion"] && .string($0.kind) == object["kind"] }
    guard let schema = kind?.schema else { return [] }
    var created = object
    // The status of a new object is the server's to give.
    created["status"] = nil
    _ = schema.prune(&created)
    schema.applyDefaults(&created)
    var seen: Set<String> = []
    return (nameErrors(object) + schema.validate(created)).map(\.description).filter { seen.insert($0).inserted }
  }

  private func nameErrors(_ object: JSONValue) -> [FieldError] {
    let name = object["metadata"]?["name"]?.stringValue ?? ""
    return NameFormat.isSubdomain(name) ? [] : [.invalid("metadata.name", "\"\(name)\"", NameFormat.subdomainRule)]
  }
}
