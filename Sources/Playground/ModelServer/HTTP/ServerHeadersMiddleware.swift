import HTTPTypes
import Hummingbird
import JSONText

/// Adds the headers every answer has, and gives Hummingbird's own errors vLLM's shape.
struct ServerHeadersMiddleware: RouterMiddleware {
  typealias Context = ServerRequestContext

  let podName: String?
  let knownPaths: Set<String>

  func handle(
    _ request: Request, context: ServerRequestContext,
    next: (Request, ServerRequestContext) async throws -> Response
  ) async throws -> Response {
    var response: Response
    do {
      response = try await next(request, context)
    } catch let error as ServiceError {
      response = .json(error.body, status: error.status)
    } catch let error as HTTPError {
      response = Self.response(for: error, isKnown: knownPaths.contains(request.uri.path))
    }
    response.headers[.vary] = "Origin"
    if let podName, let name = HTTPField.Name("x-inference-pod") { response.headers[name] = podName }
    return response
  }

  private static func response(for error: HTTPError, isKnown: Bool) -> Response {
    if error.status == .notFound {
      let found = isKnown ? ServiceError.methodNotAllowed : .notFound
      return .json(found.body, status: found.status)
    }
    let message = error.body ?? error.status.reasonPhrase
    let shaped = ServiceError(status: error.status.code, type: error.status.reasonPhrase, message: message)
    return .json(shaped.body, status: shaped.status)
  }
}

extension Response {
  static func json(_ body: OrderedJSON, status: Int = 200) -> Response {
    Response(
      status: HTTPResponse.Status(code: status), headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: JSONWriter.bytes(of: body))))
  }

  static func text(_ body: String, type: String = "text/plain; charset=utf-8") -> Response {
    Response(
      status: .ok, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(string: body)))
  }
}
