import Routing

/// A request, and what its body says.
struct Asked {
  var head: RequestHead
  var arrival: Arrival
  var facts: BodyFacts
  var model: String? { facts.model }
}

func request(
  _ path: String = "/v1/chat/completions", host: String = "models.example.com", address: String? = nil,
  port: Int = 80, query: String? = nil, method: String = "POST", headers: [String: String] = [:], model: String? = nil
) -> Asked {
  Asked(
    head: RequestHead(
      method: method, path: path, query: query, authority: host,
      fields: headers.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }),
    arrival: Arrival(address: address, port: port), facts: BodyFacts(model: model))
}

/// Text as the bytes that matching looks at.
func bytes<Result>(_ text: String, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
  Array(text.utf8).withUnsafeBytes(body)
}

extension RequestMatch {
  func matches(_ asked: Asked) -> Bool { matches(asked.head, model: asked.model) }
}

extension RoutingTable {
  /// The name of the route whose rule takes the request.
  func rule(for asked: Asked) -> String? {
    let router = RequestRouter(CompiledTables(Published(self)))
    do throws(GatewayError) {
      let open = try router.route(asked.head, at: asked.arrival, in: router.tables.current)
      return try router.resolve(open, asked.head, facts: asked.facts).rule.route.name
    } catch {
      return nil
    }
  }
}

extension Candidates {
  /// All endpoints, in the order in which they have their turn.
  var all: [Endpoint] {
    var (rest, all) = (self, [current.endpoint])
    while rest.advance() { all.append(rest.current.endpoint) }
    return all
  }
}

func object(_ name: String) -> ObjectName { ObjectName(namespace: "default", name: name) }

func endpoint(_ number: Int) -> Endpoint {
  Endpoint(id: EndpointID(address: "10.0.0.\(number)", port: 8000), pod: object("pod-\(number)"))
}

func rule(
  _ name: String, hostname: String? = nil, path: PathMatch = .prefix("/"), method: String? = nil,
  headers: [ValueMatch] = [], query: [ValueMatch] = [], backends: [WeightedBackend] = [], dropped: String? = nil,
  policy: RulePolicy? = nil
) -> RouteRule {
  RouteRule(
    route: object(name), index: 0, hostname: hostname.map { HostnamePattern($0) },
    match: RequestMatch(path: path, method: method, headers: headers, queryParameters: query), backends: backends,
    dropped: dropped, policy: policy)
}

func exact(_ name: String, _ value: String) -> ValueMatch { ValueMatch(name: name, value: .exact(value)) }
