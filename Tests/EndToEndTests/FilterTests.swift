import TestSupport
import Testing

/// What the filters of a route, as written with kubectl, do to the requests of curl.
@Suite(.serialized, .timeLimit(.minutes(5)), .enabled(if: isInstalled("kubectl") && isInstalled("curl")))
struct FilterTests {
  @Test func aRouteWithFiltersServesAsItIsWritten() async throws {
    let up = Up()
    try await up.start()
    let applied = try await up.apply(route)
    #expect(applied.status == 0, "\(applied.errors)")
    try await up.condition("httproute/filters", "Accepted", "True Accepted", "serves the route")
    try await up.condition("httproute/filters", "ResolvedRefs", "False BackendNotFound", "Service default/nobody")

    // A page's request: the prefix goes, the headers come.
    let answer = try await up.output(
      "curl -si --max-time 10 $GATEWAY/api/v1/completions -H 'Content-Type: application/json' "
        + #"-H 'Origin: https://chat.example.com' -d '{"model":"chatbot","prompt":"Hello","max_tokens":3}'"#)
    #expect(answer.hasPrefix("HTTP/1.1 200 ") && answer.contains("x-inference-pod: gemma3-"), "\(answer)")
    #expect(answer.contains("x-team: red") && answer.contains("access-control-allow-origin: https://chat.example.com"))

    // The browser's question before it.
    let question = try await up.output(
      "curl -si --max-time 10 -X OPTIONS $GATEWAY/api/v1/completions -H 'Origin: https://chat.example.com' "
        + "-H 'Access-Control-Request-Method: POST' -H 'Access-Control-Request-Headers: content-type'")
    #expect(question.hasPrefix("HTTP/1.1 204 ") && question.contains("access-control-allow-headers: "), "\(question)")

    let moved = try await up.output(#"curl -si --max-time 10 "$GATEWAY/old/models?all=1""#)
    #expect(moved.hasPrefix("HTTP/1.1 308 "), "\(moved)")
    #expect(moved.contains("location: https://models.example.com/new/models?all=1"), "\(moved)")

    let late = try await up.output(
      "curl -si --max-time 10 $GATEWAY/late/v1/completions -H 'Content-Type: application/json' "
        + #"-d '{"model":"chatbot","prompt":"Hello","max_tokens":4000}'"#)
    #expect(late.hasPrefix("HTTP/1.1 504 ") && late.contains("deadline_exceeded"), "\(late)")
    try await up.stopsCleanly()
  }

  private let route = """
    {apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: filters},
     spec: {parentRefs: [{name: inference-gateway}], rules: [
       {matches: [{path: {value: /api}}],
        filters: [
          {type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /}}},
          {type: ResponseHeaderModifier, responseHeaderModifier: {set: [{name: x-team, value: red}]}},
          {type: RequestMirror, requestMirror: {backendRef: {name: nobody, port: 80}}},
          {type: CORS, cors: {allowOrigins: ["https://*.example.com"], allowHeaders: [content-type]}}],
        timeouts: {request: 30s},
        backendRefs: [{group: inference.networking.k8s.io, kind: InferencePool, name: gemma3}]},
       {matches: [{path: {value: /old}}],
        filters: [{type: RequestRedirect, requestRedirect: {scheme: https, hostname: models.example.com, statusCode: 308,
          path: {type: ReplacePrefixMatch, replacePrefixMatch: /new}}}]},
       {matches: [{path: {value: /late}}],
        filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /}}}],
        timeouts: {request: 1ms},
        backendRefs: [{group: inference.networking.k8s.io, kind: InferencePool, name: gemma3}]}]}}
    """
}
