import KubernetesAPI
import Routing

/// What a Gateway's annotation says of the listeners whose connections begin with a header of the PROXY protocol.
///
/// It names listeners of the Gateway's own and holds for their ports, whoever else declares a listener there; `*` holds for all
/// ports: a connection has begun before it says which host it is for.
struct ProxyProtocolAnnotation {
  static let name = "switchyard.dev/proxy-protocol"

  private let holdsForAll: Bool
  private let ports: Set<Int>
  private let unknown: [String]
  private let listeners: [String]

  /// `nil` for a Gateway without the annotation. What is unknown in it is left out; the rest counts.
  init?(_ gateway: Gateway) {
    guard let text = gateway.metadata.annotations[Self.name] else { return nil }
    let items = text.split { $0 == "," || $0.isWhitespace }.map(String.init)
    listeners = gateway.spec.listeners.map(\.name)
    holdsForAll = items.contains("*")
    ports = Set(gateway.spec.listeners.filter { items.contains($0.name) }.map(\.port))
    unknown = items.filter { [listeners] item in item != "*" && !listeners.contains(item) }
  }

  /// Whether connections to this port begin with a header.
  func holds(at port: Int) -> Bool { holdsForAll || ports.contains(port) }

  /// The condition of the Gateway, which only those with the annotation have.
  func condition(of metadata: ObjectMeta) -> Condition {
    var problem: Finding?
    if !unknown.isEmpty {
      problem = Finding(
        .invalidAnnotation,
        "annotation \(Self.name) names \(unknown.joined(separator: ", ")), which is no listener of the Gateway and is "
          + "left out: use * for all, or some of \(listeners.joined(separator: ", ")), with commas or blanks between them"
      )
    }
    let names = ports.sorted().map(String.init).joined(separator: ", ")
    let message =
      !holdsForAll && ports.isEmpty
      ? "no listener expects a PROXY header"
      : "connections to \(holdsForAll ? "every port" : "port \(names)") must begin with a PROXY header"
    return Condition(.proxyProtocol, unless: problem, reason: .proxyProtocol, message, of: metadata)
  }
}
