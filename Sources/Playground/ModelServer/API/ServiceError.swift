import JSONText
import ModelEngine

/// An error answer in the shape of OpenAI and vLLM 0.32.
struct ServiceError: Error, Equatable {
  var status: Int
  var type: String
  var message: String
  var parameter: String?

  var body: OrderedJSON {
    [
      "error": [
        "message": .string(message), "type": .string(type), "param": .string(orNull: parameter),
        "code": .integer(status),
      ]
    ]
  }

  /// A value that the server understands and refuses; the message ends with parameter and value as vLLM's do.
  static func badRequest(_ message: String, parameter: String? = nil, value: String? = nil) -> ServiceError {
    var message = message
    if let parameter, let value { message += " (parameter=\(parameter), value=\(value))" }
    return ServiceError(status: 400, type: "BadRequestError", message: message, parameter: parameter)
  }

  /// A body that does not have the expected structure.
  static func validation(
    _ type: String, location: String, _ message: String, input: String, context: String? = nil
  ) -> ServiceError {
    var text = "1 validation error:\n  {'type': '\(type)', 'loc': '\(location)', 'msg': '\(message)', 'input': \(input)"
    if let context { text += ", 'ctx': {'error': '\(context)'}" }
    return ServiceError(status: 400, type: "Bad Request", message: text + "}", parameter: location)
  }

  static func unknownModel(_ name: String, aliases: [String]) -> ServiceError {
    ServiceError(
      status: 404, type: "NotFoundError",
      message: "The model `\(name)` does not exist. Valid aliases: \(aliases.joined(separator: ", ")).",
      parameter: "model")
  }

  static let notFound = ServiceError(status: 404, type: "Not Found", message: "Not Found")
  static let methodNotAllowed = ServiceError(status: 405, type: "Method Not Allowed", message: "Method Not Allowed")
  /// A request that the engine did not take. vLLM answers 503 to all of them.
  static func refused(_ reason: RejectionReason) -> ServiceError {
    let why =
      switch reason {
      case .queuedRequests, .queuedTokens: "The queue is full (\(reason.rawValue)). Send the request again later"
      case .tooLong: "The KV cache has no room for a request of this length. Send a shorter one"
      case .loading: "The model is being loaded. Send the request again later"
      case .failed: "The engine is dead. Send the request to another server"
      }
    return ServiceError(status: 503, type: "Service Unavailable", message: why + ".")
  }

  static let engineFailed = ServiceError(
    status: 500, type: "Internal Server Error", message: "The engine failed while it computed the answer.")
  static let stopping = ServiceError(
    status: 503, type: "Service Unavailable", message: "The server is stopping. Send the request to another one.")
}
