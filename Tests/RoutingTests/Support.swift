import Routing

/// Headers as a dictionary with lower-case names.
struct Headers: RequestHeaders, ExpressibleByDictionaryLiteral {
  var values: [String: String]

  init(dictionaryLiteral elements: (String, String)...) {
    values = Dictionary(uniqueKeysWithValues: elements)
  }

  func first(_ name: String) -> String? { values[name] }
}

func request(
  _ path: String = "/v1/chat/completions", host: String = "models.example.com", address: String? = nil,
  port: Int = 80, query: String = "", method: String = "POST", headers: Headers = [:], model: String? = nil
) -> RequestView<Headers> {
  RequestView(
    address: address, port: port, host: host, path: path, query: query, method: method, headers: headers,
    model: model)
}

func object(_ name: String) -> ObjectName { ObjectName(namespace: "default", name: name) }

func endpoint(_ number: Int) -> Endpoint {
  Endpoint(id: EndpointID(address: "10.0.0.\(number)", port: 8000), pod: object("pod-\(number)"))
}

func rule(
  _ name: String, hostname: String? = nil, path: PathMatch = .prefix("/"), method: String? = nil,
  headers: [ValueMatch] = [], query: [ValueMatch] = [], backends: [WeightedBackend] = [], dropped: String? = nil
) -> RouteRule {
  RouteRule(
    route: object(name), index: 0, hostname: hostname.map { HostnamePattern($0) },
    match: RequestMatch(path: path, method: method, headers: headers, queryParameters: query), backends: backends,
    dropped: dropped)
}

func exact(_ name: String, _ value: String) -> ValueMatch { ValueMatch(name: name, value: .exact(value)) }
