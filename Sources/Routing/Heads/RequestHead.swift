/// The version of HTTP in which a message came.
public enum ProtocolVersion: UInt8, Sendable, Comparable {
  /// HTTP/1.0: no chunks, no `Host`, connections that close.
  case http1_0
  /// HTTP/1.1.
  case http1_1
  /// HTTP/2: a connection carries many messages at once.
  case http2

  /// Orders from older to newer.
  public static func < (left: ProtocolVersion, right: ProtocolVersion) -> Bool { left.rawValue < right.rawValue }
}

/// The head of a request: one block of bytes and an index into it, filled by a codec of any protocol.
public struct RequestHead: Sendable, Equatable {
  /// The bytes and the fields.
  public var block = FieldBlock()
  /// The method.
  public var method = ByteRange()
  /// The path, percent-encoded, dot segments resolved; `*` and `/` are paths too.
  public var path = ByteRange()
  /// The query without its `?`; `nil` when the target has no `?`.
  public var query: ByteRange?
  /// Host and port that the request is for: of the target, else of the `Host` field; empty when it names none.
  public var authority = ByteRange()
  /// The version in which the request came.
  public var version = ProtocolVersion.http1_1

  /// An empty head.
  public init() {}

  /// A head made of its parts, as tests and front ends without a codec of ours have them.
  public init(
    method: String, path: String, query: String? = nil, authority: String = "", version: ProtocolVersion = .http1_1,
    fields: [(name: String, value: String)] = []
  ) {
    self.method = block.append(method)
    self.path = block.append(path)
    self.query = query.map { block.append($0) }
    self.authority = block.append(authority)
    self.version = version
    for field in fields { block.append(name: field.name, value: field.value) }
  }

  /// Forgets everything but the memory.
  public mutating func removeAll() {
    block.removeAll()
    (method, path, query, authority, version) = (ByteRange(), ByteRange(), nil, ByteRange(), .http1_1)
  }

  /// The method as text.
  public var methodText: String { block.text(method.range) }
  /// The path as text.
  public var pathText: String { block.text(path.range) }
  /// The query as text; empty without one.
  public var queryText: String { query.map { block.text($0.range) } ?? "" }

  /// Whether the method is this one, in capitals.
  public func isMethod(_ name: StaticString) -> Bool {
    guard Int(method.count) == name.utf8CodeUnitCount else { return false }
    return block.withBytes(method.range) { bytes in
      (0..<bytes.count).allSatisfy { bytes[$0] == name.utf8Start[$0] }
    }
  }

  /// The host that the request is for, without a port and without brackets; its place in the block.
  public var host: Range<Int> {
    let whole = authority.range
    return block.withBytes(whole) { bytes in
      if bytes.first == UInt8(ascii: "["), let end = bytes.firstIndex(of: UInt8(ascii: "]")) {
        return whole.lowerBound + 1..<whole.lowerBound + end
      }
      let end = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.count
      return whole.lowerBound..<whole.lowerBound + end
    }
  }

  /// The host as text.
  public var hostText: String { block.text(host) }
}

extension FieldBlock {
  /// Takes in text that is part of no field; says where it stands.
  public mutating func append(_ text: String) -> ByteRange {
    var text = text
    return text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
  }
}
