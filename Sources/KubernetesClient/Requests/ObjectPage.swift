public import KubernetesAPI

/// An object that does not decode: its name and why. Everything else goes on.
public struct UndecodableObject: Hashable, Sendable {
  /// The kind that was expected.
  public var type: ResourceType
  /// The object, as far as its metadata could be read.
  public var key: ObjectKey
  /// Its uid, if that could be read.
  public var uid: String?
  /// What does not decode, and where.
  public var reason: String

  /// A report.
  public init(type: ResourceType, key: ObjectKey, uid: String? = nil, reason: String) {
    self.type = type
    self.key = key
    self.uid = uid
    self.reason = reason
  }
}

/// A page of a list in which one bad object does not spoil the others.
struct ObjectPage<R: Resource>: Decodable {
  var metadata: ListMeta
  var items: [R] = []
  var undecodable: [UndecodableObject] = []

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    metadata = try container.decode(ListMeta.self, forKey: .metadata)
    for item in try container.decodeIfPresent([Lenient<R>].self, forKey: .items) ?? [] {
      switch item {
      case .object(let object): items.append(object)
      case .undecodable(let object, _): undecodable.append(object)
      }
    }
  }

  private enum CodingKeys: String, CodingKey { case metadata, items }
}

/// An object, or the report that it is none.
enum Lenient<R: Resource>: Decodable {
  case object(R)
  case undecodable(UndecodableObject, resourceVersion: String?)

  init(from decoder: any Decoder) throws {
    do {
      self = .object(try R(from: decoder))
    } catch {
      // Reading what can be read of a bad object must not fail in its turn.
      let identity = (try? Identity(from: decoder))?.metadata
      let key = ObjectKey(namespace: identity?.namespace ?? "", name: identity?.name ?? "")
      let report = UndecodableObject(
        type: R.type, key: key, uid: identity?.uid, reason: DecodingMessage.text(of: error))
      self = .undecodable(report, resourceVersion: identity?.resourceVersion)
    }
  }
}

/// As much of an object as says which one it is.
struct Identity: Decodable {
  struct Metadata: Decodable {
    var name: String?
    var namespace: String?
    var uid: String?
    var resourceVersion: String?
  }

  var metadata: Metadata
}
