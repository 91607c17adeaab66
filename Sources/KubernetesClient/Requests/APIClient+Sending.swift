import KubernetesAPI

extension APIClient {
  /// How long a request other than a watch may take, answer included.
  static let requestTimeout = Duration.seconds(60)
  /// The longest answer that is held in memory. A page of 500 objects stays far below it.
  static let maximumAnswer = 256 << 20

  func attemptAnswer(to request: APIRequest) async -> Result<APIAnswer, any Error> {
    do {
      let response = try await transport.send(try await httpRequest(request, timeout: Self.requestTimeout))
      noticeRefusal(response.status)
      let body = try await response.collect(upTo: Self.maximumAnswer)
      return .success(APIAnswer(status: response.status, headers: response.headers, body: body))
    } catch {
      return .failure(Self.apiError(error))
    }
  }

  /// Opens a stream: the answer's head is checked, its body is left to the caller.
  func open(_ request: APIRequest, stallTimeout: Duration) async throws -> HTTPBody {
    do {
      let response = try await transport.send(
        try await httpRequest(request, timeout: nil, stallTimeout: stallTimeout))
      noticeRefusal(response.status)
      guard (200..<300).contains(response.status) else {
        let body = try await response.collect(upTo: 1 << 20)
        throw APIError(code: response.status, headers: response.headers, body: body)
      }
      return response.body
    } catch {
      throw Self.apiError(error)
    }
  }

  /// A credential that the server does not take is asked for anew by the next request.
  private func noticeRefusal(_ status: Int) {
    if status == 401, case .exec(let credentials) = configuration.credential { credentials.refused() }
  }

  func httpRequest(
    _ request: APIRequest, timeout: Duration?, stallTimeout: Duration? = nil
  ) async throws -> HTTPRequest {
    var headers: HTTPHeaders = ["Accept": request.accept, "User-Agent": configuration.userAgent]
    if let contentType = request.contentType { headers["Content-Type"] = contentType }
    var tls = try configuration.currentTLS()
    if case .exec(let credentials) = configuration.credential {
      let credential = try await credentials.current()
      if let token = credential.token { headers["Authorization"] = "Bearer \(token)" }
      if let certificate = credential.certificate { (tls.certificate, tls.key) = (certificate, credential.key) }
    } else if let authorization = try configuration.credential.authorization() {
      headers["Authorization"] = authorization
    }
    headers.fields += configuration.impersonation?.fields ?? []
    return HTTPRequest(
      method: request.method, url: configuration.server + request.target, headers: headers, body: request.body,
      timeout: timeout, stallTimeout: stallTimeout, tls: tls, proxy: configuration.proxy)
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
