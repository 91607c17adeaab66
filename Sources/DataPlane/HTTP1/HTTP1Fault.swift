/// Why bytes are not the message that they should be. Whatever two recipients could read in two ways is one of these.
///
/// Source: RFC 9112, and its section 11 on smuggling.
package enum HTTP1Fault: Error, Equatable, CaseIterable {
  /// The first line is not method, target and version with one space between them.
  case requestLine
  /// The first line is not version, three digits and a reason.
  case statusLine
  /// The version is one of HTTP, and not HTTP/1.x.
  case version
  /// A byte that no target may have: a blank, a control character, one beyond ASCII, or the `#` of a fragment.
  case targetByte
  /// A carriage return or a line feed that is not part of a line end.
  case lineEnd
  /// The name of a field is empty, or has a byte that no name may have; a blank before the colon is one.
  case fieldName
  /// A field begins with a blank: it would continue the one before.
  case folding
  /// The value of a field has a control character.
  case fieldValue
  /// `Content-Length` is not a number, or is beyond all that anybody can count.
  case length
  /// There are two fields `Content-Length`, or one with several values.
  case severalLengths
  /// `Content-Length` stands beside `Transfer-Encoding`.
  case lengthBesideCoding
  /// `Transfer-Encoding` in HTTP/1.0.
  case codingOfOldVersion
  /// A transfer coding that is not `chunked` alone.
  case unknownCoding
  /// The last transfer coding of a request is not `chunked`.
  case codingOrder
  /// The size of a chunk is missing, is no number, or is too large.
  case chunkSize
  /// A chunk's extension is not names and values, or is too long.
  case chunkExtension
  /// A chunk is longer than its size says.
  case chunkEnd
  /// The trailer is too long, or has a field that no trailer may have.
  case trailer
  /// The first line is too long.
  case targetTooLong
  /// The head is too long.
  case headTooLarge
  /// The head has too many fields.
  case tooManyFields
  /// 101 to a protocol that the request has not offered.
  case switchingProtocols
  /// The fields of an interim response speak of a body, which it cannot have.
  case interimBody
  /// There are too many interim responses before the response.
  case tooManyInterims
  /// Bytes came where nothing was asked.
  case unasked

  /// What is wrong, as part of a sentence.
  package var reason: String {
    switch self {
    case .requestLine: "the first line is not a method, a target and a version, with one space between them"
    case .statusLine: "the first line is not a version, a status of three digits and a reason"
    case .version: "the version is not HTTP/1.0 or HTTP/1.1"
    case .targetByte: "the target has a byte that must be percent-encoded"
    case .lineEnd: "a line does not end with a carriage return and a line feed"
    case .fieldName:
      "the name of a header is empty or has a byte that it must not have, perhaps a blank before the colon"
    case .folding: "a header goes on in the next line"
    case .fieldValue: "the value of a header has a control character"
    case .length: "Content-Length is not a number, or is too large"
    case .severalLengths: "there is more than one Content-Length"
    case .lengthBesideCoding: "Content-Length and Transfer-Encoding are both there"
    case .codingOfOldVersion: "HTTP/1.0 knows no Transfer-Encoding"
    case .unknownCoding: "the transfer coding is not chunked"
    case .codingOrder: "the last transfer coding is not chunked"
    case .chunkSize: "the size of a chunk is not a hexadecimal number, or is too large"
    case .chunkExtension: "the extension of a chunk is too long, or is not names and values"
    case .chunkEnd: "a chunk does not end where its size says"
    case .trailer: "the trailer is too long or has a header that only a head may have"
    case .targetTooLong: "the first line is too long"
    case .headTooLarge: "the head is too long"
    case .tooManyFields: "there are too many headers"
    case .switchingProtocols: "it switched to a protocol that nobody asked for"
    case .interimBody: "an interim response speaks of a body"
    case .tooManyInterims: "there are too many interim responses"
    case .unasked: "bytes came that nobody asked for"
    }
  }
}

/// How large parts of a message may be.
package struct HTTP1Limits: Sendable, Equatable {
  /// Bytes of a head.
  package var headBytes: Int
  /// Fields of a head.
  package var fields: Int
  /// Bytes of the extensions of one chunk.
  package var chunkExtensionBytes: Int
  /// Bytes of a trailer.
  package var trailerBytes: Int

  /// Bounds; without arguments the default ones.
  package init(
    headBytes: Int = 64 << 10, fields: Int = 256, chunkExtensionBytes: Int = 256, trailerBytes: Int = 16 << 10
  ) {
    self.headBytes = headBytes
    self.fields = fields
    self.chunkExtensionBytes = chunkExtensionBytes
    self.trailerBytes = trailerBytes
  }
}

/// How a message says where its body ends.
package enum BodyFraming: Equatable {
  /// There is no body.
  case none
  /// It has so many bytes.
  case length(Int)
  /// It comes in chunks.
  case chunked
  /// It ends with the connection; of responses only.
  case untilClose
}
