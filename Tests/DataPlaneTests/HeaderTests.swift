import NIOHTTP1
import Routing
import Testing

@testable import DataPlane

/// What passes the gateway and what does not.
@Suite struct HeaderTests {
  static let client = ClientInfo(address: "192.0.2.1", listenerAddress: nil, listenerPort: 80)

  func upstream(
    _ headers: HTTPHeaders, uri: String = "/v1/models", model: String? = nil, baseModel: String? = nil
  ) -> HTTPRequestHead {
    let head = MessageRewriter.sanitized(HTTPRequestHead(version: .http1_1, method: .GET, uri: uri, headers: headers))
    return MessageRewriter.upstream(
      head, endpoint: EndpointID(address: "::1", port: 80), client: Self.client, model: model,
      baseModel: baseModel, bodyLength: .none, requestID: "made-here")
  }

  @Test(arguments: [
    "X-Gateway-Model-Name", "x-gateway-destination-endpoint", "X-Gateway-Destination-Endpoint-Subset",
    "x-gateway-inference-objective", "x-gateway-inference-fairness-id", "x-gateway-model-name-rewrite",
    "x-gateway-base-model-name", "x-llm-d-inference-objective", "X-LLM-D-SLO-TTFT-MS", "x-slo-ttft-ms",
    "x-prefiller-host-port", "x-encoder-hosts-ports", "X-Data-Parallel-Host-Port", "x-kv-cache-source-host-port",
    "Connection", "keep-alive", "TE", "Upgrade", "transfer-encoding", "x-named",
  ])
  func doesNotPass(_ name: String) {
    var headers: HTTPHeaders = ["host": "h", "accept": "*/*", "connection": "x-named"]
    headers.add(name: name, value: "forged")
    let result = upstream(headers).headers
    #expect(!result.contains(name: name))
    #expect(result["accept"] == ["*/*"])
    #expect(result["host"] == ["h"])
  }

  @Test func tellsWhereTheRequestCameFrom() {
    let result = upstream(["host": "h", "x-forwarded-for": "10.9.9.9", "x-forwarded-proto": "https"]).headers
    #expect(result["x-forwarded-for"] == ["10.9.9.9, 192.0.2.1"])
    #expect(result["x-forwarded-proto"] == ["http"])
    #expect(result["x-request-id"] == ["made-here"])
    #expect(upstream(["x-request-id": "theirs"]).headers["x-request-id"] == ["theirs"])
  }

  @Test func aModelNameCannotForgeAHeader() {
    #expect(upstream([:], model: "a\r\nx-evil: 1").headers["x-gateway-model-name"] == [])
    #expect(upstream([:], model: "模型").headers["x-gateway-model-name"] == ["模型"])
    #expect(upstream([:], model: "a", baseModel: "b\nx: 1").headers["x-gateway-base-model-name"] == [])
  }

  @Test func theModelServerLearnsModelAndBaseModel() {
    let headers = upstream(["X-Gateway-Base-Model-Name": "forged"], model: "lora", baseModel: "llama").headers
    #expect(headers["x-gateway-model-name"] == ["lora"])
    #expect(headers["x-gateway-base-model-name"] == ["llama"])
    #expect(!upstream(["X-Gateway-Base-Model-Name": "forged"]).headers.contains(name: "x-gateway-base-model-name"))
  }

  @Test(arguments: [
    ("http://example.com:8080/v1/models?a=b", "/v1/models?a=b", "example.com:8080"), ("http://e", "/", "e"),
    ("http://e?x", "/?x", "e"), ("/plain", "/plain", "h"),
  ])
  func absoluteFormBecomesOriginForm(_ uri: String, _ target: String, _ host: String) {
    let head = upstream(["host": "h"], uri: uri)
    #expect(head.uri == target)
    #expect(head.headers["host"] == [host])
  }

  @Test(
    arguments: [
      (HTTPVersion.http1_1, ["transfer-encoding": "chunked"] as HTTPHeaders, true, ["chunked"], [] as [String]),
      (HTTPVersion.http1_0, ["transfer-encoding": "chunked"] as HTTPHeaders, false, [], ["close"]),
      (HTTPVersion.http1_0, ["content-length": "3"] as HTTPHeaders, true, [], ["keep-alive"]),
      (HTTPVersion.http1_1, [:] as HTTPHeaders, true, ["chunked"], []),
    ] as [(HTTPVersion, HTTPHeaders, Bool, [String], [String])])
  func framesForTheClientsVersion(
    _ version: HTTPVersion, _ headers: HTTPHeaders, _ keepAlive: Bool, _ coding: [String], _ connection: [String]
  ) {
    let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: headers)
    let framing = MessageRewriter.framing(of: head, method: .GET)
    let result = MessageRewriter.downstream(head, framing: framing, clientVersion: version, keepAlive: keepAlive)
    #expect(result.headers["transfer-encoding"] == coding)
    #expect(result.headers["connection"] == connection)
  }
}
