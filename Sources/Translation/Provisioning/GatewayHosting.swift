/// Who serves the Gateways of a ``ClusterState``.
public enum GatewayHosting: Sendable, Equatable {
  /// This process, at the addresses of ``ClusterState/gatewayAddresses``.
  case hosted
  /// Pods that are made for each Gateway.
  case pods(GatewayPodOptions)
  /// This process is one of those pods, and serves the only Gateway of the state.
  case pod
}

/// What is the same for the pods of all Gateways.
public struct GatewayPodOptions: Sendable, Equatable {
  /// The image that holds this program.
  public var image: String

  /// Options.
  public init(image: String) { self.image = image }
}

/// Ports inside a pod that serves a Gateway.
public enum GatewayPorts {
  /// What is added to a listener's port below 1024, so that the pod needs no capability; the Service maps it. Below the range from which
  /// Linux takes the ports of outgoing connections, and above what people listen on.
  public static let offset = 21_000

  /// Where the admin server listens: port 0 with the offset is no listener's.
  public static let admin = offset

  /// The ports that no listener can have in a pod, since they are those of others.
  static let reserved = offset..<offset + 1024

  /// Where a pod listens for a listener's port.
  static func inPod(_ port: Int) -> Int { port < 1024 ? port + offset : port }
}
