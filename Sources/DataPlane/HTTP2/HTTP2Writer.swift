import NIOCore
import NIOHPACK
import Routing

/// Writes heads as header lists of HTTP/2.
enum HTTP2Writer {
  /// The head of a response whose endpoint framed its body like this.
  static func response(
    _ head: ResponseHead, _ framing: BodyFraming, date: HTTPDate, requestID: String
  ) -> HPACKHeaders {
    // A length that came stays where there is no body, as in HTTP/1.
    let keepsLength = framing == .none && head.status != 204
    var list = fields(of: head) { field in
      field.known != .xRequestID && field.known != .xSwitchyard && (field.known != .contentLength || keepsLength)
    }
    if case .length(let count) = framing {
      list.add(name: "content-length", value: String(count), indexing: .nonIndexable)
    }
    add(requestID, to: &list)
    if !head.block.contains(.date) { list.add(name: "date", value: date.text) }
    return list
  }

  /// The head of an interim response.
  static func interim(_ head: ResponseHead) -> HPACKHeaders { fields(of: head) { $0.known != .contentLength } }

  /// An answer of our own, and its body.
  static func answer(
    _ error: GatewayError, _ shape: ErrorShape, date: HTTPDate, requestID: String
  ) -> (head: HPACKHeaders, body: [UInt8]) {
    let body = error.body(shape)
    // A status of gRPC stands for that of HTTP, which is 200 then; head and trailer are one.
    var list = HPACKHeaders([(":status", shape == .grpc ? "200" : String(error.status))])
    list.add(name: "content-type", value: "\(shape.contentType)")
    if shape == .grpc {
      list.add(name: "grpc-status", value: String(error.grpcStatus))
      list.add(name: "grpc-message", value: String(decoding: error.grpcMessage, as: UTF8.self))
    } else {
      list.add(name: "content-length", value: String(body.count), indexing: .nonIndexable)
    }
    for field in error.fields { list.add(name: field.name.lowercased(), value: field.value) }
    if let seconds = error.retryAfterSeconds { list.add(name: "retry-after", value: String(seconds)) }
    add(requestID, to: &list)
    list.add(name: "date", value: date.text)
    return (list, body)
  }

  private static func add(_ requestID: String, to list: inout HPACKHeaders) {
    // A new one each time: in the table of names it would only push out others.
    list.add(name: "x-request-id", value: requestID, indexing: .nonIndexable)
  }

  /// The fields behind a body.
  static func trailer(_ block: FieldBlock) -> HPACKHeaders {
    var list = HPACKHeaders()
    block.bytes.withUnsafeBytes { bytes in
      for field in block.fields where HeaderRules.mayTrail(field, of: block) {
        list.add(name: name(of: field, bytes), value: block.text(field.value))
      }
    }
    return list
  }

  private static func fields(of head: ResponseHead, keeping keeps: (HeadField) -> Bool) -> HPACKHeaders {
    let block = head.block
    var list = HPACKHeaders()
    list.reserveCapacity(block.fields.count + 3)
    list.add(name: ":status", value: String(head.status))
    let named = NamedByConnection(block)
    block.bytes.withUnsafeBytes { bytes in
      for field in block.fields where !field.known.isHopByHop && keeps(field) && !named.takesAway(field, of: bytes) {
        let value = String(decoding: UnsafeRawBufferPointer(rebasing: bytes[field.value]), as: UTF8.self)
        list.add(name: name(of: field, bytes), value: value)
      }
    }
    return list
  }

  static func name(of field: HeadField, _ bytes: UnsafeRawBufferPointer) -> String {
    switch field.known {
    case .contentType: return "content-type"
    case .date: return "date"
    default:
      let name = UnsafeRawBufferPointer(rebasing: bytes[field.name])
      return String(unsafeUninitializedCapacity: name.count) { out in
        for (index, byte) in name.enumerated() { out[index] = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
        return name.count
      }
    }
  }
}
