public import KubernetesAPI

/// One event of a watch, decoded.
public enum WatchEvent<R: Resource>: Sendable, Equatable {
  /// The object is new.
  case added(R)
  /// The object changed.
  case modified(R)
  /// The object is gone; its last state.
  case delete(R)
  /// Nothing happened up to this version.
  case bookmark(resourceVersion: String)
  /// The watch failed on the server's side.
  case failure(APIError)
  /// An object is gone whose last state does not decode.
  case deleteUndecodable(UndecodableObject, resourceVersion: String?)
  /// An object that does not decode, and its version if that could be read.
  case undecodable(UndecodableObject, resourceVersion: String?)
}

extension WatchEvent: Decodable {
  /// Reads the type and the object in one pass over the JSON.
  ///
  /// - Throws: `DecodingError` when the line is no event at all.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let type = try container.decode(String.self, forKey: .type)
    switch type {
    case "ADDED": self = Self.object(try container.decode(Lenient<R>.self, forKey: .object)) { .added($0) }
    case "MODIFIED": self = Self.object(try container.decode(Lenient<R>.self, forKey: .object)) { .modified($0) }
    case "DELETED":
      let object = Self.object(try container.decode(Lenient<R>.self, forKey: .object)) { .delete($0) }
      guard case .undecodable(let report, let version) = object else {
        self = object
        return
      }
      self = .deleteUndecodable(report, resourceVersion: version)
    case "BOOKMARK":
      let identity = try container.decode(Identity.self, forKey: .object)
      self = .bookmark(resourceVersion: identity.metadata.resourceVersion ?? "")
    case "ERROR": self = .failure(APIError(status: try container.decode(Status.self, forKey: .object)))
    default:
      throw DecodingError.dataCorruptedError(
        forKey: .type, in: container, debugDescription: "\"\(type)\" is no type of watch event")
    }
  }

  private static func object(_ value: Lenient<R>, as event: (R) -> Self) -> Self {
    switch value {
    case .object(let object): event(object)
    case .undecodable(let report, let version): .undecodable(report, resourceVersion: version)
    }
  }

  private enum CodingKeys: String, CodingKey { case type, object }
}
