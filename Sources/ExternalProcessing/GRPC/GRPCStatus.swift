import NIOHPACK

/// How a gRPC stream ended.
enum GRPCEnd: Equatable {
  /// With a status of the server's.
  case status(Int, String)
  /// Without one.
  case lost(String)

  /// Whether the server closed it in order.
  var isClean: Bool { if case .status(0, _) = self { true } else { false } }

  /// What happened, in a few words.
  var reason: String {
    switch self {
    case .status(0, _): "it closed the stream"
    case .status(let code, let message):
      "it ended the stream with status \(code) \(Self.name(of: code))" + (message.isEmpty ? "" : ": \(message)")
    case .lost(let reason): reason
    }
  }

  /// What the head of an answer says of the stream's end; `nil` where messages follow.
  ///
  /// - Parameter endsStream: nothing follows it, so that it must have a status.
  static func head(_ fields: HPACKHeaders, endsStream: Bool) -> GRPCEnd? {
    guard let status = fields.first(name: ":status") else { return .lost("its answer has no status") }
    guard status == "200" else { return .lost("it answered with HTTP status \(status.prefix(8))") }
    if fields.contains(name: "grpc-status") || endsStream { return trailer(fields) }
    guard fields.first(name: "content-type")?.hasPrefix("application/grpc") == true else {
      return .lost("it does not speak gRPC")
    }
    return nil
  }

  /// What the fields at the stream's end say.
  static func trailer(_ fields: HPACKHeaders) -> GRPCEnd {
    guard let text = fields.first(name: "grpc-status"), let code = Int(text), code >= 0 else {
      return .lost("it ended the stream without a status")
    }
    return .status(code, plain(fields.first(name: "grpc-message") ?? ""))
  }

  /// Percent-decoded, cut, and fit for a log.
  private static func plain(_ text: String) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8.prefix(600))[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes.map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 }, as: UTF8.self)
  }

  private static func name(of code: Int) -> String {
    let names = [
      "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
      "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED",
      "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
    ]
    return names.indices.contains(code) ? names[code] : "?"
  }
}
