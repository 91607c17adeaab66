extension GatewayError {
  /// What happened. The raw value is the `code` of the error's body and the label of metrics.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    // What the client sent.

    /// The bytes are not HTTP/1.1.
    case invalidHTTP = "invalid_http"
    /// HTTP/1.1 without a `Host` header.
    case missingHost = "missing_host"
    /// More than one `Host` header.
    case severalHosts = "several_hosts"
    /// The target is neither a path nor an http URL.
    case invalidTarget = "invalid_target"
    /// The target is longer than the gateway takes.
    case targetTooLong = "target_too_long"
    /// The headers are more than the gateway takes.
    case headersTooLarge = "headers_too_large"
    /// A method that no gateway to model servers serves.
    case methodNotSupported = "method_not_supported"
    /// A version of HTTP other than 1.0 and 1.1.
    case versionNotSupported = "version_not_supported"
    /// An expectation other than `100-continue`.
    case expectationFailed = "expectation_failed"
    /// A transfer coding other than `chunked`.
    case transferCodingNotSupported = "transfer_coding_not_supported"
    /// The body has a content coding that the gateway cannot look into, where rules choose by its model.
    case contentCodingNotSupported = "content_coding_not_supported"
    /// The body is larger than the gateway takes.
    case requestTooLarge = "request_too_large"
    /// The head did not come whole in time.
    case headTimeout = "request_head_timeout"
    /// The body came too slowly, or stopped.
    case bodyTimeout = "request_body_timeout"
    /// The body cannot be read where a route must know its model.
    case invalidBody = "invalid_body"
    /// The body, or the query, names its model twice.
    case duplicateModel = "duplicate_model"
    /// The client closed the connection before its answer was whole.
    case clientClosed = "client_closed"
    /// The client stopped reading its answer.
    case clientStalled = "client_stalled"
    /// Nothing has passed through a tunnel for as long as one may rest.
    case tunnelIdle = "tunnel_idle"

    // What routes say.

    /// No listener serves this address, port and host name.
    case noListener = "no_listener"
    /// The request's host is not one of the listener that its connection of TLS was made for.
    case misdirected = "misdirected_request"
    /// No rule of the listener takes the request.
    case noRoute = "no_route"
    /// Rules take the request's path, but none takes its model.
    case modelNotFound = "model_not_found"
    /// Rules choose by model and the body names none.
    case modelMissing = "model_missing"
    /// The path runs a model server instead of asking it, and the pool does not let clients do that.
    case engineRouteRefused = "engine_route_refused"
    /// The rule has no backend of weight above zero.
    case noBackend = "no_backend"
    /// The rule asks for something that is not served, and forwards nothing.
    case ruleDropped = "rule_dropped"
    /// The chosen backend's reference does not resolve.
    case invalidBackend = "invalid_backend"
    /// The rule names a pool that the table does not hold.
    case poolMissing = "pool_missing"
    /// The InferenceModel has targets, all of weight zero.
    case noModelTarget = "no_model_target"

    // External pickers.

    /// The pool's endpoint picker did not answer in time.
    case pickerTimeout = "picker_timeout"
    /// The pool's endpoint picker could not be asked, broke off, or chose what is no endpoint of the pool.
    case pickerFailed = "picker_failed"
    /// The pool's endpoint picker gave the answer itself, whose status is its own.
    case pickerRejected = "picker_rejected"

    // The gateway.

    /// The gateway may open no further connection.
    case overloaded = "overloaded"

    // Model servers.

    /// No endpoint of the pool is ready.
    case noReadyEndpoint = "no_ready_endpoint"
    /// The pool is too busy for a request of this criticality.
    case saturated = "saturated"
    /// The pool stayed too busy for as long as a request may wait for it.
    case queueTimeout = "queue_timeout"
    /// An endpoint took no connection.
    case connectFailed = "connect_failed"
    /// An endpoint took no connection in time.
    case connectTimeout = "connect_timeout"
    /// An endpoint's TLS is not what the pool asks for.
    case tlsFailed = "tls_failed"
    /// An endpoint refused the request before it looked at it.
    case requestRefused = "request_refused"
    /// No endpoint that was tried took a connection.
    case noEndpointAnswered = "no_endpoint_answered"
    /// An endpoint had the request, and its connection ended before it sent any response.
    case noResponse = "no_response"
    /// An endpoint stopped taking the request before it had all of it.
    case uploadStalled = "upload_stalled"
    /// An endpoint did not begin to answer in time.
    case responseTimeout = "response_timeout"
    /// An attempt took longer than the route lets one take.
    case attemptTimeout = "attempt_timeout"
    /// An endpoint stopped in the middle of its response.
    case responseStalled = "response_stalled"
    /// The whole request took longer than it may.
    case deadlineExceeded = "deadline_exceeded"
    /// An endpoint sent a response that cannot be relayed.
    case invalidResponse = "invalid_response"
    /// An endpoint was lost in the middle of its response.
    case endpointLost = "endpoint_lost"
  }
}
