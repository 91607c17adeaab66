import Foundation
import NIOCore
import Routing
import SwiftProtobuf

typealias PickerRequest = Envoy_Service_ExtProc_V3_ProcessingRequest
typealias PickerReply = Envoy_Service_ExtProc_V3_ProcessingResponse

/// The messages that a picker is sent.
enum PickerMessages {
  /// The namespace of metadata that endpoints are told in.
  static let namespace = "envoy.lb"
  /// Where a picker says which endpoints it chose: a header, and a key of ``namespace``.
  static let destination = "x-gateway-destination-endpoint"
  /// Where it is told which of them served the request.
  static let served = "x-gateway-destination-endpoint-served"
  /// Bytes of a body in one message. The reference picker's own bound, which leaves room in a message of 64 KiB.
  static let chunkBytes = 62_000

  /// The head of a request.
  static func head(_ head: RequestHead, hasBody: Bool) -> PickerRequest {
    var fields = Envoy_Service_ExtProc_V3_HeaderMap()
    let query = head.query == nil ? "" : "?" + head.queryText
    for (name, value) in [
      (":method", head.methodText), (":scheme", "http"), (":authority", head.block.text(head.authority.range)),
      (":path", head.pathText + query),
    ] { fields.headers.append(field(name, Data(value.utf8))) }
    append(head.block, to: &fields)
    var request = PickerRequest()
    request.requestHeaders = .with {
      $0.headers = fields
      $0.endOfStream = !hasBody
    }
    request.protocolConfig = .with {
      $0.requestBodyMode = .fullDuplexStreamed
      $0.responseBodyMode = .streamed
      $0.sendBodyWithoutWaitingForHeaderResponse = true
    }
    return request
  }

  /// Bytes of a request's body.
  static func body(_ bytes: ByteBuffer, ends: Bool) -> PickerRequest {
    var request = PickerRequest()
    request.requestBody = .with {
      $0.body = bytes.withUnsafeReadableBytes { Data($0) }
      $0.endOfStream = ends
    }
    return request
  }

  /// Bytes of a response's body.
  static func responseBody(_ bytes: ByteBuffer, ends: Bool) -> PickerRequest {
    var request = PickerRequest()
    request.responseBody = .with {
      $0.body = bytes.withUnsafeReadableBytes { Data($0) }
      $0.endOfStream = ends
    }
    return request
  }

  /// The head of a response, and the endpoint that it is of.
  static func response(_ head: ResponseHead, from endpoint: EndpointID, hasBody: Bool) -> PickerRequest {
    var fields = Envoy_Service_ExtProc_V3_HeaderMap()
    fields.headers.append(field(":status", Data(String(head.status).utf8)))
    append(head.block, to: &fields)
    var request = PickerRequest()
    request.responseHeaders = .with {
      $0.headers = fields
      $0.endOfStream = !hasBody
    }
    let told = Google_Protobuf_Struct(fields: [served: Google_Protobuf_Value(stringValue: endpoint.description)])
    request.metadataContext.filterMetadata = [namespace: told]
    return request
  }

  /// What concerns one connection only is left out, as is what only the gateway may set.
  private static func append(_ block: FieldBlock, to fields: inout Envoy_Service_ExtProc_V3_HeaderMap) {
    for field in block.fields {
      switch field.known {
      case .reserved, .host, .contentLength, .expect: continue
      case let known where known.isHopByHop: continue
      default: break
      }
      let value = block.withBytes(field.value) { Data($0) }
      fields.headers.append(self.field(block.text(field.name).lowercased(), value))
    }
  }

  private static func field(_ name: String, _ value: Data) -> Envoy_Service_ExtProc_V3_HeaderValue {
    .with {
      $0.key = name
      $0.rawValue = value
    }
  }
}
