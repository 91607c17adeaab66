import NIOCore
import NIOHPACK
import Routing

extension HTTP2Writer {
  /// The head that an endpoint gets. Fields and what is added to them are those of HTTP/1 (``ForwardedFields``), but for what HTTP/2
  /// itself says: where a body ends, and for whom the request is.
  static func request(_ head: RequestHead, _ extra: UpstreamFields, isSecure: Bool) -> HPACKHeaders {
    let block = head.block
    let fields = ForwardedFields(head, extra)
    var list = HPACKHeaders()
    list.reserveCapacity(block.fields.count + 12)
    list.add(name: ":method", value: head.methodText)
    list.add(name: ":scheme", value: isSecure ? "https" : "http")
    list.add(name: ":path", value: target(head))
    let authority = head.authority.count > 0 ? block.text(head.authority.range) : extra.endpoint.description
    list.add(name: ":authority", value: authority)
    block.bytes.withUnsafeBytes { bytes in
      for field in block.fields where fields.keeps(field, of: bytes) {
        let name = name(of: field, bytes)
        list.add(
          name: name, value: block.text(field.value), indexing: Self.secrets.contains(name) ? .neverIndexed : .indexable
        )
      }
    }
    if case .length(let count) = fields.framing {
      list.add(name: "content-length", value: String(count), indexing: .nonIndexable)
    }
    if knowsTrailers(block) { list.add(name: "te", value: "trailers") }
    var value = ByteBuffer()
    fields.forEachAdded { name, write in
      value.clear()
      write(&value)
      // A new one each time: in the table of fields it would only push out others.
      let name = "\(name)"
      list.add(name: name, value: String(buffer: value), indexing: name == "x-request-id" ? .nonIndexable : .indexable)
    }
    return list
  }

  /// Requests of all clients share the connection and its table of fields: who could watch its length might guess what is in it (RFC
  /// 7541, section 7.1.3).
  private static let secrets: Set<String> = ["authorization", "cookie", "x-api-key", "api-key"]

  private static func target(_ head: RequestHead) -> String {
    guard let query = head.query else { return head.pathText }
    return head.pathText + "?" + head.block.text(query.range)
  }

  /// Whether the client has said that it takes trailers; servers of gRPC serve no other (RFC 9110, section 10.1.4).
  private static func knowsTrailers(_ block: FieldBlock) -> Bool {
    block.fields.contains { field in
      guard field.known == .te else { return false }
      return block.withBytes(field.value) { value in
        value.split(separator: UInt8(ascii: ",")).contains {
          ASCIIBytes.isSame(ASCIIBytes.trimmed(UnsafeRawBufferPointer(rebasing: $0)), "trailers" as StaticString)
        }
      }
    }
  }
}
