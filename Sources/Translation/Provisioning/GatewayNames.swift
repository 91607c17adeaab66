import JSONText
public import KubernetesAPI

/// Names and labels of the objects of a Gateway (GEP-1762).
public struct GatewayNames: Sendable, Equatable {
  /// Labels of every object that is made for a Gateway.
  public enum Label {
    /// The Gateway's name.
    public static let gateway = "gateway.networking.k8s.io/gateway-name"
    /// The name of its class.
    public static let gatewayClass = "gateway.networking.k8s.io/gateway-class-name"
    /// Its namespace: some objects are in another, or in none.
    public static let namespace = "switchyard.dev/gateway-namespace"
    /// Who makes it.
    public static let managedBy = "app.kubernetes.io/managed-by"
    /// What ``managedBy`` says.
    public static let manager = "switchyard"
    /// Selects all objects of all Gateways.
    public static let selector = "\(managedBy)=\(manager),\(gateway)"
  }

  /// The ClusterRole of every gateway pod, which the installation brings.
  static let clusterRole = "switchyard-gateway"

  /// Of what is in the Gateway's namespace: `NAME-CLASS`.
  public let key: ObjectKey
  /// Of what is elsewhere.
  let elsewhere: String
  /// The Gateway's name as a label's value.
  let gateway: String
  let gatewayClass: String
  /// Its owner: see ``GatewayOwner``.
  let owner: GatewayOwner

  /// The names for a Gateway.
  public init(_ metadata: ObjectMeta, className: String) {
    let (namespace, name) = (metadata.namespace, metadata.name)
    key = ObjectKey(namespace: namespace, name: Self.dnsLabel("\(name)-\(className)"))
    elsewhere = Self.shortened("\(Self.clusterRole):\(namespace):\(name)", to: 253)
    gateway = Self.shortened(name, to: 63)
    gatewayClass = Self.shortened(className, to: 63)
    owner = GatewayOwner(ObjectKey(namespace: namespace, name: name))
  }

  /// The labels by which objects are found.
  var labels: [String: String] {
    [
      Label.gateway: gateway, Label.gatewayClass: gatewayClass, Label.namespace: key.namespace,
      Label.managedBy: Label.manager,
    ]
  }

  /// A Service's name is a DNS label that begins with a letter; a Gateway's may have dots, begin with a digit and be four times
  /// as long. A name that had to be changed ends with a hash of what it was.
  private static func dnsLabel(_ name: String) -> String {
    var label = name.replacing(".", with: "-")
    if let first = label.first, !first.isLetter { label = "g-\(label)" }
    return shortened(label, of: name, to: 63)
  }

  fileprivate static func shortened(_ text: String, to length: Int) -> String { shortened(text, of: text, to: length) }

  private static func shortened(_ text: String, of original: String, to length: Int) -> String {
    if text == original, text.utf8.count <= length { return text }
    let hash = String(FNV1a.hash(original.utf8) & 0xffff_ffff, radix: 16)
    var start = text.prefix(length - hash.count - 1)
    // A label's value may not end so before the hash is put behind it.
    while start.last == "." || start.last == "-" { start.removeLast() }
    return "\(start)-\(hash)"
  }
}

/// To which Gateway an object belongs, as its labels say.
public struct GatewayOwner: Hashable, Sendable {
  /// The Gateway's namespace.
  public var namespace: String
  /// The Gateway's name, as far as a label holds it.
  public var label: String

  /// A Gateway as an owner.
  public init(_ gateway: ObjectKey) {
    namespace = gateway.namespace
    label = GatewayNames.shortened(gateway.name, to: 63)
  }

  /// `nil` for an object that was not made for a Gateway by us.
  public init?(_ metadata: ObjectMeta) {
    guard metadata.labels[GatewayNames.Label.managedBy] == GatewayNames.Label.manager,
      let label = metadata.labels[GatewayNames.Label.gateway]
    else { return nil }
    namespace = metadata.labels[GatewayNames.Label.namespace] ?? metadata.namespace
    self.label = label
  }
}
