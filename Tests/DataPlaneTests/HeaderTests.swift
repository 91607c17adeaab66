import NIOCore
import NIOHPACK
import Routing
import TestSupport
import Testing

@testable import DataPlane

/// What passes the gateway and what does not.
@Suite struct HeaderTests {
  static let client = ClientInfo(address: "192.0.2.1", listenerAddress: nil, listenerPort: 80)

  /// The request that the endpoint gets, as a server of HTTP/1 reads it.
  struct Sent {
    var line: String
    private var head: RequestHead

    init(
      _ fields: Fields, target: String = "/v1/models", model: String? = nil, baseModel: String? = nil,
      requestID: RequestID = RequestID(loop: 0xA0, number: 1), method: String = "GET", version: String = "HTTP/1.1",
      host: String? = nil, client: ClientInfo = HeaderTests.client, change changes: HeaderChange...
    ) throws {
      let lines = fields.list.map { "\($0.name): \($0.value)\r\n" }.joined()
      var received = try Self.parsed("\(method) \(target) \(version)\r\n\(lines)\r\n")
      #expect(RequestTarget.settle(&received, hosts: 1) == nil)
      for change in changes { received.block.apply(change) }
      let extra = UpstreamFields(
        endpoint: EndpointID(address: "::1", port: 80), client: client, model: model, baseModel: baseModel,
        framing: .none, requestID: requestID, host: host)
      var out = ByteBuffer()
      HTTP1Writer.request(received, extra, into: &out)
      let text = String(buffer: out)
      line = String(text.prefix { $0 != "\r\n" })
      head = try Self.parsed(text)
    }

    private static func parsed(_ text: String) throws -> RequestHead {
      var reader = HTTP1RequestReader(limits: HTTP1Limits())
      reader.receive(ByteBuffer(string: text))
      let part = reader.next()
      guard case .head = part else { throw Failure("\(part) in \(text)") }
      return reader.head
    }

    subscript(_ name: String) -> [String] {
      head.block.fields.filter { head.block.text($0.name).lowercased() == name.lowercased() }
        .map { head.block.text($0.value) }
    }
  }

  @Test(arguments: [
    "X-Gateway-Model-Name", "x-gateway-destination-endpoint", "X-Gateway-Destination-Endpoint-Subset",
    "x-gateway-inference-objective", "x-gateway-inference-fairness-id", "x-gateway-model-name-rewrite",
    "x-gateway-base-model-name", "x-llm-d-inference-objective", "X-LLM-D-SLO-TTFT-MS", "x-slo-ttft-ms",
    "x-prefiller-host-port", "x-encoder-hosts-ports", "X-Data-Parallel-Host-Port", "x-kv-cache-source-host-port",
    "Connection", "keep-alive", "TE", "Upgrade", "transfer-encoding", "x-named",
  ])
  func doesNotPass(_ name: String) throws {
    // The one field that the parser itself would refuse with this value.
    let value = name == "transfer-encoding" ? "chunked" : "forged"
    let result = try Sent(["host": "h", "accept": "*/*", "connection": "x-named", name: value])
    #expect(result[name] == [])
    #expect(result["accept"] == ["*/*"])
    #expect(result["host"] == ["h"])
  }

  @Test func tellsWhereTheRequestCameFrom() throws {
    let result = try Sent(["host": "h:8080"])
    #expect(result["x-forwarded-for"] == ["192.0.2.1"])
    #expect(result["x-forwarded-proto"] == ["http"] && result["x-forwarded-host"] == ["h:8080"])
    #expect(result["x-forwarded-port"] == ["80"] && result["forwarded"] == [])
    #expect(result["x-request-id"] == ["00000000-0000-80a0-8000-000000000001"])
    #expect(result["via"] == ["1.1 switchyard"])
    #expect(try Sent(["host": "h", "via": "1.0 before"])["via"] == ["1.0 before", "1.1 switchyard"])
  }

  /// What is left of a head was said by who may: ``TrustedCallers``.
  @Test func whatIsToldOfTheWayStaysAndOurLinkFollows() throws {
    let told = try Sent([
      "host": "inner", "x-forwarded-for": "203.0.113.9", "X-Forwarded-For": "10.9.9.9", "x-forwarded-proto": "https",
      "x-forwarded-host": "shop.example", "x-forwarded-user": "u", "x-real-ip": "203.0.113.9",
      "forwarded": "for=203.0.113.9", "Forwarded": "for=_a;proto=https",
    ])
    #expect(told["x-forwarded-for"] == ["203.0.113.9, 10.9.9.9, 192.0.2.1"])
    #expect(told["x-forwarded-proto"] == ["https"] && told["x-forwarded-port"] == ["443"])
    #expect(told["x-forwarded-host"] == ["shop.example"] && told["x-real-ip"] == ["203.0.113.9"])
    #expect(told["x-forwarded-user"] == ["u"])
    #expect(
      told["forwarded"] == [#"for=203.0.113.9, for=_a;proto=https, for=192.0.2.1;host="inner";proto=http"#])
    #expect(try Sent(["host": "h", "x-forwarded-port": "8443"])["x-forwarded-port"] == ["8443"])
  }

  @Test func linksOfIPv6AreQuoted() throws {
    let client = ClientInfo(
      address: "2001:db8::1", listenerAddress: nil, listenerPort: 443,
      listener: ListenerID(gateway: ObjectName(namespace: "n", name: "g"), name: "https"))
    let sent = try Sent(["host": "[::1]:443", "forwarded": "for=a"], client: client)
    #expect(sent["forwarded"] == [#"for=a, for="[2001:db8::1]";host="[::1]:443";proto=https"#])
    #expect(sent["x-forwarded-for"] == ["2001:db8::1"] && sent["x-forwarded-proto"] == ["https"])
    #expect(sent["x-forwarded-host"] == ["[::1]:443"] && sent["x-forwarded-port"] == ["443"])
  }

  @Test func theHostIsTheOneThatTheClientAskedFor() throws {
    #expect(try Sent(["host": "inner"], host: "outer")["x-forwarded-host"] == ["outer"])
    #expect(try Sent([:], version: "HTTP/1.0", host: "")["x-forwarded-host"] == [])
    #expect(try Sent([:], version: "HTTP/1.0")["x-forwarded-host"] == [])
  }

  @Test func whatARouteTakesAwayIsNotTold() throws {
    let names = ["x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port"]
    let came: Fields = [
      "host": "h", "x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https", "forwarded": "for=a",
    ]
    for name in names + ["forwarded"] {
      let sent = try Sent(came, change: HeaderChange(remove: [name]))
      #expect(sent[name] == [] && names.allSatisfy { $0 == name || sent[$0].count == 1 }, "\(name)")
    }
    let removed = HeaderChange(remove: names)
    let set = HeaderChange(set: [.init("X-Forwarded-Proto", "wss")])
    let sent = try Sent(came, change: removed, set)
    #expect(sent["x-forwarded-proto"] == ["wss"] && sent["x-forwarded-for"] == [])
  }

  @Test func whatTellsOfTheGatewayIsItsOwn() {
    var head = ResponseHead(
      status: 200, fields: [("x-switchyard-endpoint", "forged"), ("X-Switchyard-Pod", "forged"), ("a", "b")])
    head.block.append(name: "x-switchyard-endpoint", value: "10.0.0.1:80", isOurs: true)
    let list = HTTP2Writer.response(head, .none, date: HTTPDate(seconds: 0), requestID: "r")
    #expect(list["x-switchyard-endpoint"] == ["10.0.0.1:80"] && list["x-switchyard-pod"] == [] && list["a"] == ["b"])
    var out = ByteBuffer()
    let fields = DownstreamFields(framing: .none, date: HTTPDate(seconds: 0))
    HTTP1Writer.response(head, fields, to: RequestHead(), RequestID(loop: 1, number: 1), into: &out)
    let text = String(buffer: out)
    #expect(text.contains("\r\nx-switchyard-endpoint: 10.0.0.1:80\r\n") && !text.contains("forged"), "\(text)")
  }

  @Test func traceContextPasses() throws {
    let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    let sent = try Sent([
      "host": "h", "traceparent": parent, "tracestate": "a=1", "Tracestate": "b=2", "baggage": "c=3",
    ])
    #expect(sent["traceparent"] == [parent] && sent["tracestate"] == ["a=1", "b=2"] && sent["baggage"] == ["c=3"])
  }

  @Test(arguments: [
    ("OPTIONS", "1", ["0"]), ("TRACE", "9223372036854775807", ["9223372036854775806"]), ("GET", "1", ["1"]),
    ("OPTIONS", "x", ["x"]),
  ])
  func whatMayBeForwardedIsCountedDown(_ method: String, _ value: String, _ sent: [String]) throws {
    #expect(try Sent(["host": "h", "Max-Forwards": value], method: method)["max-forwards"] == sent)
  }

  @Test func viaTellsTheVersionThatCame() throws {
    #expect(try Sent(["host": "h"], version: "HTTP/1.0")["via"] == ["1.0 switchyard"])
  }

  @Test(arguments: [("POST", ["0"]), ("PUT", ["0"]), ("PATCH", ["0"]), ("GET", []), ("DELETE", [])])
  func noBodyIsToldWhereTheMethodMayHaveOne(_ method: String, _ length: [String]) throws {
    #expect(try Sent(["host": "h"], method: method)["content-length"] == length)
  }

  @Test(arguments: [
    ("http://e", "*"), ("http://e/", "/"), ("http://e?x", "/?x"), ("*", "*"),
  ])
  func optionsOfNoPathAskTheServerItself(_ target: String, _ sent: String) throws {
    #expect(try Sent(["host": "h"], target: target, method: "OPTIONS").line == "OPTIONS \(sent) HTTP/1.1")
  }

  @Test func aModelNameCannotForgeAHeader() throws {
    #expect(try Sent(["host": "h"], model: "a\r\nx-evil: 1")["x-gateway-model-name"] == [])
    #expect(try Sent(["host": "h"], model: "模型")["x-gateway-model-name"] == ["模型"])
    #expect(try Sent(["host": "h"], model: "a", baseModel: "b\nx: 1")["x-gateway-base-model-name"] == [])
  }

  @Test func theModelServerLearnsModelAndBaseModel() throws {
    let forged: Fields = ["host": "h", "X-Gateway-Base-Model-Name": "forged"]
    let sent = try Sent(forged, model: "lora", baseModel: "llama")
    #expect(sent["x-gateway-model-name"] == ["lora"])
    #expect(sent["x-gateway-base-model-name"] == ["llama"])
    #expect(try Sent(forged)["x-gateway-base-model-name"] == [])
  }

  @Test func connectionCannotTakeAwayWhatIsForEveryone() throws {
    let sent = try Sent([
      "connection": "Host, content-type, Authorization, X-Forwarded-For, x-request-id, cookie, mine", "host": "h",
      "content-type": "t", "authorization": "a", "x-forwarded-for": "1.2.3.4", "x-request-id": "6f1c2e9ab34d5e6f",
      "cookie": "c",
      "mine": "m",
    ])
    #expect(sent["host"] == ["h"] && sent["content-type"] == ["t"])
    #expect(sent["authorization"] == ["a"] && sent["cookie"] == ["c"])
    #expect(sent["x-forwarded-for"] == ["1.2.3.4, 192.0.2.1"] && sent["x-request-id"] == ["6f1c2e9ab34d5e6f"])
    #expect(sent["mine"] == [])
  }

  @Test func blanksAroundValuesAreTakenAwayAndTheRestPassesAsItCame() throws {
    let sent = try Sent(["host": "h", "a": "  b\tc \t", "A": "D", "e": ""])
    #expect(sent["a"] == ["b\tc", "D"] && sent["e"] == [""])
  }

  @Test(arguments: [
    ("http://example.com:8080/v1/models?a=b", "/v1/models?a=b", "example.com:8080"), ("http://e", "/", "e"),
    ("http://e?x", "/?x", "e"), ("/plain", "/plain", "h"), ("/p?", "/p?", "h"),
    ("/a/../v1/%2E%2e/b/./c?x=/../y", "/b/c?x=/../y", "h"), ("http://e/../%2e%2e", "/", "e"),
  ])
  func absoluteFormBecomesOriginForm(_ target: String, _ sent: String, _ host: String) throws {
    let result = try Sent(["host": "h"], target: target)
    #expect(result.line == "GET \(sent) HTTP/1.1")
    #expect(result["host"] == [host])
  }

  @Test(
    arguments: [
      ("HTTP/1.1", .chunked, .chunked, nil), ("HTTP/1.0", .chunked, .untilClose, .close),
      ("HTTP/1.0", .length(3), .length(3), .keepAlive), ("HTTP/1.1", .untilClose, .chunked, nil),
      ("HTTP/1.1", .none, .none, nil),
    ] as [(String, BodyFraming, BodyFraming, DownstreamFields.StaticConnection?)])
  func framesForTheClientsVersion(
    _ version: String, _ framing: BodyFraming, _ sent: BodyFraming, _ connection: DownstreamFields.StaticConnection?
  ) {
    var client = HTTP1Connection(limits: HTTP1Limits())
    client.receive(ByteBuffer(string: "GET / \(version)\r\nHost: h\r\nConnection: keep-alive\r\n\r\n"))
    _ = client.next()
    let fields = client.respond(framing, date: HTTPDate(seconds: 0))
    #expect(fields.framing == sent)
    #expect(fields.connection == connection)
  }

  @Test(arguments: [
    (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
    (951_782_399, "Mon, 28 Feb 2000 23:59:59 GMT"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
    (1_735_689_599, "Tue, 31 Dec 2024 23:59:59 GMT"), (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
  ])
  func datesAreWrittenAsHTTPWritesThem(_ seconds: Int64, _ text: String) {
    var out = ByteBuffer()
    HTTPDate(seconds: seconds).write(into: &out)
    #expect(String(buffer: out) == "date: \(text)\r\n")
  }
}
