import Foundation

/// A secret. Whatever prints, logs or dumps it shows its name alone; encoding it gives its values away.
///
/// Source: <https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/secret-v1/>
public struct Secret: Resource, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The kind's names in the API.
  public static let type = ResourceType(group: "", version: "v1", kind: "Secret", plural: "secrets")

  /// Metadata.
  public var metadata: ObjectMeta
  /// For example `kubernetes.io/tls`.
  public var type: String?
  /// Values in base64.
  @OrEmpty public var data: [String: String]
  /// Values in clear: what an author may write in place of base64. A server answers without them.
  @OrEmpty public var stringData: [String: String]

  /// Makes the value from its parts.
  public init(
    metadata: ObjectMeta, type: String? = nil, data: [String: String] = [:], stringData: [String: String] = [:]
  ) {
    self.metadata = metadata
    self.type = type
    self.data = data
    self.stringData = stringData
  }

  /// The bytes of a value; `nil` where there is none, or it is no base64.
  public func bytes(_ name: String) -> [UInt8]? {
    if let text = stringData[name] { return Array(text.utf8) }
    return data[name].flatMap { Data(base64Encoded: $0) }.map { [UInt8]($0) }
  }

  /// Nothing of its values.
  public var description: String { "Secret \(metadata.namespace)/\(metadata.name) (its values are not shown)" }
  /// Nothing of its values.
  public var debugDescription: String { description }
  /// Nothing of its values.
  public var customMirror: Mirror { Mirror(self, children: ["metadata": metadata.name]) }
}
