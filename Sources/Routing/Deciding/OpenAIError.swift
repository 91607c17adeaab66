/// An error body in the shape that OpenAI's clients read.
///
/// Source: OpenAI API reference, "Error codes": `{"error":{"message","type","param","code"}}`.
public struct OpenAIError: Sendable, Equatable {
  /// A sentence for the person who sent the request.
  public var message: String
  /// The class of error, for example `invalid_request_error`.
  public var type: String
  /// The request field that is wrong, if one is.
  public var param: String?
  /// The kind of error, for programs.
  public var code: String?

  /// An error.
  public init(message: String, type: String, param: String? = nil, code: String? = nil) {
    self.message = message
    self.type = type
    self.param = param
    self.code = code
  }

  /// The error that tells a client of a rejection.
  public init(_ rejection: Rejection) {
    let concernsModel = rejection.reason == .modelNotFound || rejection.reason == .modelMissing
    self.init(
      message: rejection.message, type: Self.type(status: rejection.status), param: concernsModel ? "model" : nil,
      code: rejection.reason.rawValue)
  }

  /// The class of error that goes with an HTTP status.
  public static func type(status: Int) -> String {
    switch status {
    case 401: "authentication_error"
    case 403: "permission_error"
    case 429: "rate_limit_error"
    case 503: "service_unavailable_error"
    case 400..<500: "invalid_request_error"
    default: "server_error"
    }
  }

  /// The body, `application/json` in UTF-8.
  public func encoded() -> [UInt8] {
    let optional = { (text: String?) -> JSONText in text.map { .string($0) } ?? .null }
    let fields: JSONText = .object([
      ("message", .string(message)), ("type", .string(type)), ("param", optional(param)), ("code", optional(code)),
    ])
    var bytes: [UInt8] = []
    JSONText.object([("error", fields)]).appendCompact(to: &bytes)
    return bytes
  }
}
