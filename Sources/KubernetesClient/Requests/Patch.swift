import Foundation
public import JSONText
public import KubernetesAPI

/// A change to an object, in one of the API's three forms.
public enum Patch: Hashable, Sendable {
  /// RFC 7386: members replace members, `null` removes.
  case merge(JSONValue)
  /// RFC 6902: a list of operations.
  case json([JSONValue])
  /// Server-side apply: the fields that we own, with `apiVersion` and `kind`. `force` takes fields from other owners.
  /// `WriteOptions.fieldManager` must be set.
  case apply(JSONValue, force: Bool)

  /// An apply of an object of ours, its `apiVersion` and `kind` added.
  public static func apply<R: Resource>(_ object: R, force: Bool) throws -> Patch {
    let bytes = try JSONCoding.encode(Manifest(object))
    return .apply(try JSONCoding.decode(JSONValue.self, from: bytes), force: force)
  }

  /// The patch as it goes over the wire.
  public func encoded() throws -> EncodedPatch {
    switch self {
    case .merge(let value): EncodedPatch(mediaType: MediaType.mergePatch, body: try JSONCoding.encode(value))
    case .json(let list): EncodedPatch(mediaType: MediaType.jsonPatch, body: try JSONCoding.encode(list))
    case .apply(let value, let force):
      EncodedPatch(mediaType: MediaType.apply, body: try JSONCoding.encode(value), force: force)
    }
  }
}

/// A patch's media type and bytes.
public struct EncodedPatch: Hashable, Sendable {
  /// Which form it has.
  public var mediaType: String
  /// The JSON.
  public var body: [UInt8]
  /// Whether apply takes fields from other owners.
  public var force: Bool

  /// A patch from its parts.
  public init(mediaType: String, body: [UInt8], force: Bool = false) {
    self.mediaType = mediaType
    self.body = body
    self.force = force
  }
}
