public import Logging

/// The verbs of the Kubernetes API. Every function throws `APIError`, or `CancellationError` when its task is cancelled.
public struct APIClient: Sendable {
  /// Where the server is and how to be known there.
  public let configuration: ClientConfiguration
  /// What carries the requests.
  public let transport: any HTTPTransport
  /// When to try again.
  public let retryPolicy: RetryPolicy
  let logger: Logger

  /// A client; cheap to copy, meant to be shared.
  public init(
    configuration: ClientConfiguration, transport: any HTTPTransport, retryPolicy: RetryPolicy = RetryPolicy(),
    logger: Logger = Logger(label: "kubernetes-client")
  ) {
    self.configuration = configuration
    self.transport = transport
    self.retryPolicy = retryPolicy
    self.logger = logger
  }

  /// The same client for a caller that tries again in a way of its own: two policies, one inside the other, multiply.
  public func withoutRetries() -> APIClient {
    APIClient(configuration: configuration, transport: transport, retryPolicy: .never, logger: logger)
  }

  /// The same client, whose writes are sent only while the process leads.
  public func fenced(by leadership: Leadership) -> APIClient {
    APIClient(
      configuration: configuration, transport: FencedTransport(transport, leadership), retryPolicy: retryPolicy,
      logger: logger)
  }

  /// Sends `request`, trying again where that is safe, and returns the whole answer, whatever its status.
  ///
  /// For tools and tests that look at the answer itself; everything else uses the verbs.
  public func answer(to request: APIRequest) async throws -> APIAnswer {
    var attempt = 0
    while true {
      let outcome = await attemptAnswer(to: request)
      attempt += 1
      guard let wait = retryPolicy.wait(after: outcome, method: request.method, attempt: attempt) else {
        return try outcome.get()
      }
      logger.debug(
        "request will be tried again",
        metadata: ["path": "\(request.path)", "attempt": "\(attempt)", "wait": "\(wait)"])
      try await retryPolicy.sleep(wait)
    }
  }

  /// Sends `request` and returns its answer's body. Throws what any status but 200 to 299 means.
  public func send(_ request: APIRequest) async throws -> [UInt8] {
    let answer = try await answer(to: request)
    for warning in answer.warnings {
      logger.warning("the API server warns", metadata: ["path": "\(request.path)", "warning": "\(warning)"])
    }
    guard (200..<300).contains(answer.status) else {
      throw APIError(code: answer.status, headers: answer.headers, body: answer.body)
    }
    return answer.body
  }

  func send<Value: Decodable>(_ request: APIRequest, as type: Value.Type) async throws -> Value {
    try Self.decode(type, from: try await send(request))
  }

  static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
    do {
      return try JSONCoding.decode(type, from: bytes)
    } catch {
      throw APIError.decoding(DecodingMessage.text(of: error))
    }
  }

  static func encode(_ value: some Encodable) throws -> [UInt8] {
    do {
      return try JSONCoding.encode(value)
    } catch {
      throw APIError.request("the object does not encode as JSON: \(error)")
    }
  }
}

/// A whole answer.
public struct APIAnswer: Sendable {
  /// The status code.
  public var status: Int
  /// The header fields.
  public var headers: HTTPHeaders
  /// The body.
  public var body: [UInt8]

  /// An answer.
  public init(status: Int, headers: HTTPHeaders, body: [UInt8]) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// What the server warns of, for example deprecated or unknown fields.
  public var warnings: [String] {
    headers.fields.filter { $0.name.lowercased() == "warning" }.map(\.value)
  }
}
