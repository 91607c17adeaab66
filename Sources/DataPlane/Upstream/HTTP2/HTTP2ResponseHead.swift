import NIOHPACK
import Routing

/// Why a header list of HTTP/2 is not the head of a response.
struct HTTP2ResponseFault: Error, Equatable {
  /// What is wrong, as part of a sentence.
  var reason: String
}

/// Reads the header list of a response of HTTP/2 into the head that HTTP/1 is read into.
///
/// Source: RFC 9113, sections 8.2 and 8.3.2.
enum HTTP2ResponseHead {
  /// Fills the head; returns the length that it tells of its body.
  static func read(
    _ headers: HPACKHeaders, limits: HTTP1Limits, into head: inout ResponseHead
  ) throws(HTTP2ResponseFault) -> Int? {
    head.removeAll()
    head.version = .http2
    var (status, length): (Int?, Int?) = (nil, nil)
    for (name, value, _) in headers {
      guard HTTP2Fields.isValue(value) else { throw fault("the value of a header has a control character") }
      if name.utf8.first == HTTP1Bytes.colon {
        guard name == ":status", status == nil, head.block.fields.isEmpty, let number = Self.status(value) else {
          throw fault("its pseudo-headers are not one :status of three digits before all headers")
        }
        status = number
        continue
      }
      try check(name, value, head.block.fields.count, limits)
      if name == "content-length" {
        guard length == nil, let number = Self.number(value) else {
          throw fault("content-length is no number, or is there twice")
        }
        length = number
      }
      head.block.append(name: name, value: value)
    }
    guard let status else { throw fault("it has no :status") }
    head.status = status
    return length
  }

  private static func check(
    _ name: String, _ value: String, _ count: Int, _ limits: HTTP1Limits
  ) throws(HTTP2ResponseFault) {
    guard HTTP2Fields.isName(name) else {
      throw fault("the name of a header is empty, or has a byte that it must not have")
    }
    guard count < limits.fields else { throw fault(HTTP1Fault.tooManyFields.reason) }
    switch name {
    case "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade", "te":
      throw fault("the header \(name) concerns a connection of HTTP/1")
    default: break
    }
  }

  private static func status(_ value: String) -> Int? {
    guard value.utf8.count == 3, let number = number(value), number >= 100 else { return nil }
    return number
  }

  private static func number(_ value: String) -> Int? {
    var value = value
    return value.withUTF8 { HTTP1Bytes.number(UnsafeRawBufferPointer($0)) }
  }

  private static func fault(_ reason: String) -> HTTP2ResponseFault { HTTP2ResponseFault(reason: reason) }
}
