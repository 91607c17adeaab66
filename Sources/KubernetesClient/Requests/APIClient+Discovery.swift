public import KubernetesAPI

extension APIClient {
  /// Whether the server serves a kind, by its own list of kinds. `false` only when an API server says so: what a proxy
  /// in front of one answers is no such list, and throws as everything does that leaves the question open.
  ///
  /// Source: <https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api>
  public func serves(_ type: ResourceType) async throws -> Bool {
    let path = type.group.isEmpty ? "/api/\(type.version)" : "/apis/\(type.apiVersion)"
    do {
      return try await discover(path, as: DiscoveredKinds.self).resources.contains { $0.name == type.plural }
    } catch APIError.notFound where !type.group.isEmpty {
      // The list of groups is always there: where it is not, the 404 before was no API server's.
      let groups = try await discover("/apis", as: DiscoveredGroups.self).groups
      return groups.contains { $0.versions.contains { $0.groupVersion == type.apiVersion } }
    }
  }

  private func discover<Document: DiscoveryDocument>(_ path: String, as type: Document.Type) async throws -> Document {
    let document = try await send(APIRequest(path: path), as: type)
    guard document.kind == Document.expectedKind else {
      throw APIError.decoding(
        "\(path) answers with no \(Document.expectedKind): is a proxy in front of the API server?")
    }
    return document
  }
}

extension ResourceType {
  /// The name that a role's rules and people give the kind, for example `httproutes.gateway.networking.k8s.io`.
  public var resource: String { group.isEmpty ? plural : "\(plural).\(group)" }
}

extension APIError {
  /// A kind is answered with 404, and discovery lists it.
  package static func contradicted(_ type: ResourceType) -> APIError {
    .decoding(
      "a list of \(type.resource) is answered with 404, but discovery lists the kind, so the 404 is not believed: is a "
        + "proxy in front of the API server?")
  }
}

private protocol DiscoveryDocument: Decodable {
  static var expectedKind: String { get }
  var kind: String? { get }
}

private struct DiscoveredKinds: DiscoveryDocument {
  struct Kind: Decodable { var name: String }

  static let expectedKind = "APIResourceList"
  var kind: String?
  var resources: [Kind]
}

private struct DiscoveredGroups: DiscoveryDocument {
  struct Group: Decodable { var versions: [Version] }
  struct Version: Decodable { var groupVersion: String }

  static let expectedKind = "APIGroupList"
  var kind: String?
  var groups: [Group]
}
