extension GatewayError.Kind {
  /// How a kind of error is dealt with.
  public struct Treatment: Sendable, Equatable {
    /// The HTTP status of the answer; 499, as nginx has it, where nobody is left to take one.
    public var status: Int
    /// Whose doing it is.
    public var source: GatewayError.Source
    /// Whether the request may be sent again, to another endpoint.
    public var mayRetry = false
    /// How loud the log is about one such request.
    public var logLevel = LogLevel.debug

    /// The class of error in OpenAI's words, which goes by the status.
    public var type: String {
      switch status {
      case 401: "authentication_error"
      case 403: "permission_error"
      case 429: "rate_limit_error"
      case 503: "service_unavailable_error"
      case 400..<500: "invalid_request_error"
      default: "server_error"
      }
    }
  }

  /// How loud a log is, in the terms of swift-log.
  public enum LogLevel: Sendable {
    /// What clients cause at will, and what overload causes by the thousand.
    case debug
    /// A model server that fails.
    case info
    /// A fault of the gateway's own.
    case error
  }

  /// The one place that says what each kind means to the client, to the retry and to the log.
  public var treatment: Treatment {
    switch self {
    case .invalidHTTP, .missingHost, .severalHosts, .invalidTarget, .invalidBody, .duplicateModel, .modelMissing:
      Treatment(status: 400, source: .downstream)
    case .engineRouteRefused: Treatment(status: 403, source: .downstream)
    case .noListener, .noRoute, .modelNotFound: Treatment(status: 404, source: .downstream)
    case .headTimeout, .bodyTimeout, .tunnelIdle: Treatment(status: 408, source: .downstream)
    case .requestTooLarge: Treatment(status: 413, source: .downstream)
    case .misdirected: Treatment(status: 421, source: .downstream)
    case .targetTooLong: Treatment(status: 414, source: .downstream)
    case .contentCodingNotSupported: Treatment(status: 415, source: .downstream)
    case .expectationFailed: Treatment(status: 417, source: .downstream)
    case .headersTooLarge: Treatment(status: 431, source: .downstream)
    case .clientClosed, .clientStalled: Treatment(status: 499, source: .downstream)
    case .methodNotSupported, .transferCodingNotSupported: Treatment(status: 501, source: .downstream)
    case .versionNotSupported: Treatment(status: 505, source: .downstream)
    case .noBackend, .ruleDropped, .invalidBackend, .noModelTarget: Treatment(status: 500, source: .internal)
    case .poolMissing: Treatment(status: 500, source: .internal, logLevel: .error)
    case .overloaded: Treatment(status: 503, source: .internal)
    case .saturated, .queueTimeout: Treatment(status: 429, source: .upstream)
    case .pickerTimeout, .pickerFailed: Treatment(status: 503, source: .upstream, logLevel: .info)
    case .pickerRejected: Treatment(status: 503, source: .upstream)
    case .noReadyEndpoint: Treatment(status: 503, source: .upstream)
    case .connectFailed, .connectTimeout, .tlsFailed, .requestRefused:
      Treatment(status: 503, source: .upstream, mayRetry: true, logLevel: .info)
    case .noEndpointAnswered: Treatment(status: 503, source: .upstream, logLevel: .info)
    case .noResponse: Treatment(status: 502, source: .upstream, mayRetry: true, logLevel: .info)
    case .uploadStalled, .responseTimeout, .attemptTimeout, .responseStalled, .deadlineExceeded:
      Treatment(status: 504, source: .upstream, logLevel: .info)
    case .invalidResponse, .endpointLost: Treatment(status: 502, source: .upstream, logLevel: .info)
    }
  }
}
