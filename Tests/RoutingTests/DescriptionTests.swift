import Foundation
import Routing
import Testing

@Suite("What people and clients read") struct DescriptionTests {
  @Test("errors have the shape that OpenAI's clients read") func openAIError() {
    let rejection = GatewayError(.modelNotFound, "The model 'a\"b' does not exist.", param: "model")
    #expect(
      String(decoding: rejection.openAIBody, as: UTF8.self)
        == #"{"error":{"message":"The model 'a\"b' does not exist.","type":"invalid_request_error","#
        + #""param":"model","code":"model_not_found"}}"#)
    let busy = GatewayError(.saturated, "busy")
    #expect(
      String(decoding: busy.openAIBody, as: UTF8.self)
        == #"{"error":{"message":"busy","type":"rate_limit_error","param":null,"code":"saturated"}}"#)
  }

  @Test("a table is told as JSON") func table() {
    let pool = Pool(
      id: PoolID(.inferencePool, object("pool")), endpoints: [endpoint(1)], matchedEndpoints: 2,
      models: [
        "chat": Model(name: "chat", targets: [WeightedTarget(name: "v1", weight: 3)], object: object("chat"))
      ])
    let taking = rule(
      "route", path: .exact("/v1"), method: "POST", headers: [exact(modelNameHeader, "chat")],
      backends: [
        WeightedBackend(weight: 9, target: .pool(pool.id)), WeightedBackend(target: .invalid(reason: "gone")),
      ])
    let table = RoutingTable(
      listeners: [
        Listener(
          gateway: object("gateway"), name: "http", addresses: ["127.0.0.1"], port: 80,
          hostname: HostnamePattern("*.example.com"), rules: [taking])
      ], pools: [pool.id: pool])
    #expect(table.jsonDescription() == expectedTable)
  }

  @Test("what a rule is dropped for, and base models by namespace, are told in a fixed order")
  func droppedRulesAndBaseModels() {
    let table = RoutingTable(
      listeners: [
        Listener(
          gateway: object("gateway"), name: "http", port: 80, rules: [rule("route", dropped: "no filters")],
          baseModels: ["team": ["b": "base", "a": "base"], "default": ["c": "other"]])
      ])
    let text = table.jsonDescription().split(whereSeparator: \.isNewline).map { $0.drop { $0 == " " } }.joined()
    #expect(text.contains(#""backends": [],"dropped": "no filters""#), "\(text)")
    #expect(
      text.contains(#""baseModels": {"default": {"c": "other"},"team": {"a": "base","b": "base"}}"#), "\(text)")
  }

  @Test("what rules and backends ask for is told in the order in which it is done, and nothing else")
  func policies() {
    let pool = PoolID(.service, object("copies"), port: 80)
    var taking = rule(
      "route",
      backends: [WeightedBackend(target: .pool(pool), policy: RulePolicy(requestHeaders: HeaderChange(remove: ["b"])))])
    taking.policy = RulePolicy(
      requestHeaders: HeaderChange(set: [.init("A", "1")], add: [.init("b", "2")], remove: ["c"]),
      responseHeaders: HeaderChange(set: [.init("D", "3")]), rewrite: URLRewrite(hostname: "h", path: .prefix("/p")),
      redirect: RequestRedirect(scheme: "https", hostname: "r", path: .full("/f"), port: 81, status: 308),
      mirrors: [RequestMirror(target: .pool(pool), numerator: 1, denominator: 3)],
      cors: CORSPolicy(
        allowOrigins: ["*"], allowCredentials: true, allowMethods: ["PUT"], allowHeaders: ["x"], exposeHeaders: ["y"]),
      timeouts: RuleTimeouts(request: 0, backendRequest: 90_500_000_000),
      retry: RetryPolicy(codes: [500], attempts: 2, backOff: 100_000_000))
    #expect(
      json(of: taking)
        == #""backends": [{"weight": 1,"pool": "Service default/copies:80","policy": {"requestHeaders": {"remove": ["b"]}}}],"#
        + #""policy": {"requestHeaders": {"set": {"A": "1"},"add": {"b": "2"},"remove": ["c"]},"#
        + #""rewrite": {"hostname": "h","path": {"prefix": "/p"}},"#
        + #""redirect": {"status": 308,"scheme": "https","hostname": "r","port": 81,"path": {"full": "/f"}},"#
        + #""mirrors": [{"pool": "Service default/copies:80","numerator": 1,"denominator": 3}],"#
        + #""cors": {"allowOrigins": ["*"],"allowCredentials": true,"allowMethods": ["PUT"],"allowHeaders": ["x"],"#
        + #""exposeHeaders": ["y"],"maxAge": 5},"timeouts": {"request": "0s","backendRequest": "1m30s500ms"},"#
        + #""retry": {"codes": [500],"attempts": 2,"backOff": "100ms"},"responseHeaders": {"set": {"D": "3"}}}}]}]"#)
    taking.policy = RulePolicy()
    taking.backends = []
    #expect(json(of: taking) == #""backends": []}]}]"#)
  }

  /// What the table says of a rule from its backends on, on one line.
  private func json(of rule: RouteRule) -> String {
    let table = RoutingTable(listeners: [Listener(gateway: object("gateway"), name: "http", port: 80, rules: [rule])])
    let text = table.jsonDescription().split(whereSeparator: \.isNewline).map { $0.drop { $0 == " " } }.joined()
    let start = text.range(of: "\"backends\"")?.lowerBound ?? text.startIndex
    let end = text.range(of: ",\"pools\"")?.lowerBound ?? text.endIndex
    return String(text[start..<end])
  }

  @Test("an empty table is told, too") func emptyTable() {
    #expect(RoutingTable().jsonDescription() == "{\n  \"listeners\": [],\n  \"pools\": []\n}")
  }
}

private let expectedTable = """
  {
    "listeners": [
      {
        "gateway": "default/gateway",
        "name": "http",
        "addresses": [
          "127.0.0.1"
        ],
        "port": 80,
        "hostname": "*.example.com",
        "rules": [
          {
            "route": "default/route",
            "rule": 0,
            "path": {
              "exact": "/v1"
            },
            "method": "POST",
            "headers": [
              {
                "name": "x-gateway-model-name",
                "exact": "chat"
              }
            ],
            "backends": [
              {
                "weight": 9,
                "pool": "InferencePool default/pool"
              },
              {
                "weight": 1,
                "invalid": "gone"
              }
            ]
          }
        ]
      }
    ],
    "pools": [
      {
        "pool": "InferencePool default/pool",
        "matchedEndpoints": 2,
        "endpoints": [
          {
            "address": "10.0.0.1:8000",
            "pod": "default/pod-1"
          }
        ],
        "models": [
          {
            "model": "chat",
            "criticality": "Standard",
            "targets": [
              {
                "model": "v1",
                "weight": 3
              }
            ],
            "inferenceModel": "default/chat"
          }
        ]
      }
    ]
  }
  """
