import Routing
import Testing

/// What clients, retries and dashboards rely on.
@Suite("The vocabulary of errors") struct GatewayErrorTests {
  struct Row: Sendable {
    var code: String
    var status: Int
    var type = "invalid_request_error"
    var source = GatewayError.Source.downstream
    var mayRetry = false
  }

  private static let rows = [
    Row(code: "invalid_http", status: 400), Row(code: "missing_host", status: 400),
    Row(code: "several_hosts", status: 400), Row(code: "invalid_target", status: 400),
    Row(code: "invalid_body", status: 400), Row(code: "duplicate_model", status: 400),
    Row(code: "model_missing", status: 400), Row(code: "no_listener", status: 404), Row(code: "no_route", status: 404),
    Row(code: "model_not_found", status: 404), Row(code: "request_head_timeout", status: 408),
    Row(code: "request_body_timeout", status: 408),
    Row(code: "request_too_large", status: 413), Row(code: "target_too_long", status: 414),
    Row(code: "content_coding_not_supported", status: 415),
    Row(code: "misdirected_request", status: 421),
    Row(code: "headers_too_large", status: 431), Row(code: "client_closed", status: 499),
    Row(code: "client_stalled", status: 499), Row(code: "tunnel_idle", status: 408),
    Row(code: "expectation_failed", status: 417),
    Row(code: "version_not_supported", status: 505, type: "server_error"),
    Row(code: "method_not_supported", status: 501, type: "server_error"),
    Row(code: "transfer_coding_not_supported", status: 501, type: "server_error"),
    Row(code: "engine_route_refused", status: 403, type: "permission_error"),
    Row(code: "no_backend", status: 500, type: "server_error", source: .internal),
    Row(code: "invalid_backend", status: 500, type: "server_error", source: .internal),
    Row(code: "pool_missing", status: 500, type: "server_error", source: .internal),
    Row(code: "no_model_target", status: 500, type: "server_error", source: .internal),
    Row(code: "rule_dropped", status: 500, type: "server_error", source: .internal),
    Row(code: "overloaded", status: 503, type: "service_unavailable_error", source: .internal),
    Row(code: "saturated", status: 429, type: "rate_limit_error", source: .upstream),
    Row(code: "queue_timeout", status: 429, type: "rate_limit_error", source: .upstream),
    Row(code: "picker_timeout", status: 503, type: "service_unavailable_error", source: .upstream),
    Row(code: "picker_failed", status: 503, type: "service_unavailable_error", source: .upstream),
    Row(code: "picker_rejected", status: 503, type: "service_unavailable_error", source: .upstream),
    Row(code: "no_ready_endpoint", status: 503, type: "service_unavailable_error", source: .upstream),
    Row(code: "no_endpoint_answered", status: 503, type: "service_unavailable_error", source: .upstream),
    Row(code: "connect_failed", status: 503, type: "service_unavailable_error", source: .upstream, mayRetry: true),
    Row(code: "connect_timeout", status: 503, type: "service_unavailable_error", source: .upstream, mayRetry: true),
    Row(code: "tls_failed", status: 503, type: "service_unavailable_error", source: .upstream, mayRetry: true),
    Row(code: "request_refused", status: 503, type: "service_unavailable_error", source: .upstream, mayRetry: true),
    Row(code: "no_response", status: 502, type: "server_error", source: .upstream, mayRetry: true),
    Row(code: "upload_stalled", status: 504, type: "server_error", source: .upstream),
    Row(code: "response_timeout", status: 504, type: "server_error", source: .upstream),
    Row(code: "attempt_timeout", status: 504, type: "server_error", source: .upstream),
    Row(code: "response_stalled", status: 504, type: "server_error", source: .upstream),
    Row(code: "deadline_exceeded", status: 504, type: "server_error", source: .upstream),
    Row(code: "invalid_response", status: 502, type: "server_error", source: .upstream),
    Row(code: "endpoint_lost", status: 502, type: "server_error", source: .upstream),
  ]

  @Test("each code has its status, its class, its source, and says whether another endpoint may be tried")
  func everyKind() throws {
    #expect(Set(Self.rows.map(\.code)) == Set(GatewayError.Kind.allCases.map(\.rawValue)))
    for row in Self.rows {
      let kind = try #require(GatewayError.Kind(rawValue: row.code))
      let error = GatewayError(kind, "words")
      #expect(error.status == row.status && kind.treatment.type == row.type, "\(row.code)")
      #expect(error.source == row.source && error.mayRetry == row.mayRetry, "\(row.code)")
    }
  }
}
