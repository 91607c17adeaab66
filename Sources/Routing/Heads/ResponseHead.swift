/// The head of a response: one block of bytes and an index into it, filled by a codec of any protocol.
public struct ResponseHead: Sendable, Equatable {
  /// The bytes and the fields.
  public var block = FieldBlock()
  /// The status, 100 to 999.
  public var status = 0
  /// The version in which the response came.
  public var version = ProtocolVersion.http1_1

  /// An empty head.
  public init() {}

  /// A head made of its parts.
  public init(status: Int, version: ProtocolVersion = .http1_1, fields: [(name: String, value: String)] = []) {
    self.status = status
    self.version = version
    for field in fields { block.append(name: field.name, value: field.value) }
  }

  /// Forgets everything but the memory.
  public mutating func removeAll() {
    block.removeAll()
    (status, version) = (0, .http1_1)
  }
}
