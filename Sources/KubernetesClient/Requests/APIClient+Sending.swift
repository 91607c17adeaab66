import KubernetesAPI

extension APIClient {
  /// How long a request other than a watch may take, answer included.
  static let requestTimeout = Duration.seconds(60)
  /// The longest answer that is held in memory. A page of 500 objects stays far below it.
  static let maximumAnswer = 256 << 20

  func attemptAnswer(to request: APIRequest) async -> Result<APIAnswer, any Error> {
    do {
      let response = try await transport.send(httpRequest(request, timeout: Self.requestTimeout))
      let body = try await response.collect(upTo: Self.maximumAnswer)
      return .success(APIAnswer(status: response.status, headers: response.headers, body: body))
    } catch {
      return .failure(Self.apiError(error))
    }
  }

  /// Opens a stream: the answer's head is checked, its body is left to the caller.
  func open(_ request: APIRequest, stallTimeout: Duration) async throws -> HTTPBody {
    do {
      let response = try await transport.send(httpRequest(request, timeout: nil, stallTimeout: stallTimeout))
      guard (200..<300).contains(response.status) else {
        let body = try await response.collect(upTo: 1 << 20)
        throw APIError(code: response.status, headers: response.headers, body: body)
      }
      return response.body
    } catch {
      throw Self.apiError(error)
    }
  }

  func httpRequest(
    _ request: APIRequest, timeout: Duration?, stallTimeout: Duration? = nil
  ) throws -> HTTPRequest {
    var headers: HTTPHeaders = ["Accept": request.accept, "User-Agent": configuration.userAgent]
    if let contentType = request.contentType { headers["Content-Type"] = contentType }
    if let authorization = try configuration.credential.authorization() { headers["Authorization"] = authorization }
    return HTTPRequest(
      method: request.method, url: configuration.server + request.target, headers: headers, body: request.body,
      timeout: timeout, stallTimeout: stallTimeout, tls: try configuration.currentTLS(), proxy: configuration.proxy)
  }

  /// Every error of ours as an `APIError`; a cancellation stays one.
  static func apiError(_ error: any Error) -> any Error {
    switch error {
    case is CancellationError, is APIError: error
    case let error as ConfigurationError: APIError.request(error.description)
    case let error as HTTPTransportError:
      switch error {
      case .timedOut(let why): APIError.timeout(why)
      case .stalled: APIError.timeout(error.description)
      default: APIError.transport(error)
      }
    default: APIError.request("\(error)")
    }
  }
}
