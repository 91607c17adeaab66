import Observability
import Routing

func object(_ name: String, in namespace: String = "default") -> ObjectName {
  ObjectName(namespace: namespace, name: name)
}

func endpoint(_ number: Int, pod: String? = nil, port: Int = 8000, accelerator: String? = nil) -> Endpoint {
  Endpoint(
    id: EndpointID(address: "10.0.0.\(number)", port: port), pod: object(pod ?? "pod-\(number)"),
    accelerator: accelerator.map { Accelerator(name: $0) })
}

func table(_ pools: Pool..., rules: [RouteRule] = []) -> RoutingTable {
  RoutingTable(
    listeners: [Listener(gateway: object("gateway"), name: "http", port: 80, rules: rules)],
    pools: Dictionary(uniqueKeysWithValues: pools.map { ($0.id, $0) }))
}

extension MetricsRegistry {
  /// The sample lines whose name begins so.
  func lines(_ prefix: String) -> [String] {
    render().split(separator: "\n").map(String.init).filter { $0.hasPrefix(prefix) }
  }
}
