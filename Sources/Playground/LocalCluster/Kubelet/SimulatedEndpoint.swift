/// A model server on this machine that the cluster shows as a Pod on a Node.
public struct SimulatedEndpoint: Sendable, Equatable {
  /// The Pod's name.
  public var name: String
  /// The Pod's namespace.
  public var namespace: String
  /// The Pod's labels, which pools select by.
  public var labels: [String: String]
  /// Where the model server answers.
  public var address: EndpointAddress
  /// The Node that the Pod is shown on.
  public var nodeName: String
  /// The accelerator of the Node, such as `nvidia-h100-80gb`; `nil` for none.
  public var accelerator: String?

  /// An endpoint.
  public init(
    name: String, namespace: String = "default", labels: [String: String], address: EndpointAddress,
    nodeName: String, accelerator: String? = nil
  ) {
    self.name = name
    self.namespace = namespace
    self.labels = labels
    self.address = address
    self.nodeName = nodeName
    self.accelerator = accelerator
  }
}

/// An IP address and a port.
public struct EndpointAddress: Sendable, Hashable {
  /// The IP address.
  public var host: String
  /// The TCP port.
  public var port: Int

  /// An address.
  public init(host: String, port: Int) {
    self.host = host
    self.port = port
  }
}
