import Hummingbird
import JSONText
import NIOCore

/// Reads a JSON body as vLLM's front end does.
enum RequestBodyReader {
  /// More than the longest prompt of a model with a million tokens.
  static let largestBody = 64 << 20

  static func read(_ request: Request) async throws -> JSONValue {
    let type = request.headers[.contentType]?.split(separator: ";").first?.lowercased() ?? ""
    guard type.filter({ $0 != " " }) == "application/json" else {
      throw ServiceError(
        status: 400, type: "Bad Request",
        message: "1 validation error:\n  Unsupported Media Type: Only 'application/json' is allowed")
    }
    let buffer: ByteBuffer
    do {
      buffer = try await request.body.collect(upTo: largestBody)
    } catch is NIOTooManyBytesError {
      throw ServiceError(
        status: 413, type: "Request Entity Too Large",
        message: "The body is larger than \(largestBody >> 20) MiB. Send a shorter prompt.")
    }
    guard buffer.readableBytes > 0 else {
      throw ServiceError.validation("missing", location: "body", "Field required", input: "None")
    }
    let bytes = Array(buffer.readableBytesView)
    do {
      return try JSONReader.parse(bytes)
    } catch {
      let error = PythonJSONError(error, in: bytes)
      throw ServiceError.validation(
        "json_invalid", location: "body.\(error.position)", "JSON decode error", input: "'<dict of 0 items>'",
        context: error.message)
    }
  }
}
