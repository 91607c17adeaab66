import JSONText
import KubernetesAPI

/// Reads the protobuf bodies that kubectl sends for a few kinds when it creates them by command (`kubectl create
/// namespace`, `configmap`, `secret`, `serviceaccount`, `auth can-i`). Answers stay JSON, which every client accepts.
///
/// Format: <https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding>
enum ProtobufReader {
  /// Field numbers and types of a message.
  indirect enum Shape: Sendable {
    case text
    case bytes
    case flag
    case integer
    case list(Shape)
    case map(Shape)
    case message([UInt64: (name: String, shape: Shape)])
  }

  /// The object in a body.
  ///
  /// - Throws: `StatusError`: 400 for bytes that are no such message, 415 for a kind that this server reads as JSON only.
  static func object(_ body: [UInt8]) throws(StatusError) -> JSONValue {
    guard body.starts(with: [0x6B, 0x38, 0x73, 0x00]) else {
      throw .badRequest("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]")
    }
    let envelope = try fields(body[4...])
    let type = try decode(envelope.last { $0.number == 1 }?.bytes ?? [], ProtobufShapes.typeMeta)
    let kind = type["kind"]?.stringValue ?? ""
    guard let shape = ProtobufShapes.kinds[kind] else {
      throw .unsupportedMediaType(accepted: ["application/json", "application/yaml"])
    }
    guard let raw = envelope.last(where: { $0.number == 2 }) else {
      throw .badRequest("the protobuf body holds no object")
    }
    var object = try decode(raw.bytes, shape)
    object["apiVersion"] = type["apiVersion"]
    object["kind"] = type["kind"]
    return object
  }

  private struct Field {
    var number: UInt64
    var value: UInt64 = 0
    var bytes: ArraySlice<UInt8> = []
  }

  private static func fields(_ body: ArraySlice<UInt8>) throws(StatusError) -> [Field] {
    var rest = body
    var result: [Field] = []
    while !rest.isEmpty {
      let key = try varint(&rest)
      var field = Field(number: key >> 3)
      switch key & 7 {
      case 0: field.value = try varint(&rest)
      case 1: field.bytes = try take(8, &rest)
      case 2: field.bytes = try take(try varint(&rest), &rest)
      case 5: field.bytes = try take(4, &rest)
      default: throw .badRequest("the protobuf body has a field of unknown wire type \(key & 7)")
      }
      result.append(field)
    }
    return result
  }

  private static func varint(_ rest: inout ArraySlice<UInt8>) throws(StatusError) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard let byte = rest.popFirst() else { break }
      value |= UInt64(byte & 0x7F) << shift
      if byte & 0x80 == 0 { return value }
    }
    throw .badRequest("the protobuf body ends inside a number")
  }

  private static func take(_ count: UInt64, _ rest: inout ArraySlice<UInt8>) throws(StatusError) -> ArraySlice<UInt8> {
    guard count <= UInt64(rest.count) else { throw .badRequest("the protobuf body ends inside a field") }
    defer { rest = rest.dropFirst(Int(count)) }
    return rest.prefix(Int(count))
  }

  private static func decode(_ bytes: ArraySlice<UInt8>, _ shape: Shape) throws(StatusError) -> JSONValue {
    switch shape {
    case .text: return .string(String(decoding: bytes, as: UTF8.self))
    case .bytes: return .string(Base64.encode(Array(bytes)))
    case .message(let members):
      var object: [String: JSONValue] = [:]
      for field in try fields(bytes) {
        guard let member = members[field.number] else { continue }
        try put(field, member.shape, &object[member.name])
      }
      return .object(object)
    case .flag, .integer, .list, .map: return .null
    }
  }

  /// Go writes empty texts and zeros of absent fields; they are absent here too.
  private static func put(_ field: Field, _ shape: Shape, _ slot: inout JSONValue?) throws(StatusError) {
    switch shape {
    case .flag: slot = .some(.bool(field.value != 0))
    case .integer: if field.value != 0 { slot = .some(.integer(Int64(bitPattern: field.value))) }
    case .list(let item): slot = .some(.array((slot?.arrayValue ?? []) + [try decode(field.bytes, item)]))
    case .map(let item):
      let entry = try fields(field.bytes)
      let key = String(decoding: entry.last { $0.number == 1 }?.bytes ?? [], as: UTF8.self)
      var map = slot?.objectValue ?? [:]
      map[key] = try decode(entry.last { $0.number == 2 }?.bytes ?? [], item)
      slot = .some(.object(map))
    case .text, .bytes: if !field.bytes.isEmpty { slot = .some(try decode(field.bytes, shape)) }
    case .message:
      let value = try decode(field.bytes, shape)
      if value != .object([:]) { slot = .some(value) }
    }
  }
}
