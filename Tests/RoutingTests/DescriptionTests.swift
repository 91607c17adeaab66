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
