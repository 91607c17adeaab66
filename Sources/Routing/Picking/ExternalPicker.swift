/// Who picks the endpoints of a pool.
public enum PoolPicker: Sendable, Hashable {
  /// The gateway itself.
  case builtIn
  /// A program that the pool names.
  case external(ExternalPicker)
}

/// An endpoint picker outside of the gateway: a Service that speaks the Endpoint Picker Protocol.
///
/// Source: proposal 004, Gateway API Inference Extension.
public struct ExternalPicker: Sendable, Hashable {
  /// What becomes of a request that the picker did not pick for.
  public enum FailureMode: String, Sendable, Hashable {
    /// The gateway picks an endpoint of the pool itself.
    case open = "FailOpen"
    /// The request is answered with an error.
    case close = "FailClose"
  }

  /// How the picker is spoken to.
  public enum Transport: Sendable, Hashable {
    /// HTTP/2 over TLS, and what its certificate must be. Without that nobody is asked who the picker is: pickers sign their
    /// certificates themselves, as the protocol has it.
    case tls(UpstreamTLS?)
    /// HTTP/2 in clear, which its Service must ask for.
    case plain
    /// Not at all, since what its certificate must be cannot be known; why, in a few words.
    case closed(String)
  }

  /// The Service that the pool names.
  public var service: ObjectName
  /// The Service's port.
  public var port: Int
  /// Where the Service's ready pods listen, sorted.
  public var endpoints: [EndpointID]
  /// What becomes of requests while it does not pick.
  public var failureMode: FailureMode
  /// How it is spoken to.
  public var transport: Transport

  /// A picker.
  public init(
    service: ObjectName, port: Int, endpoints: [EndpointID] = [], failureMode: FailureMode = .close,
    transport: Transport = .tls(nil)
  ) {
    self.service = service
    self.port = port
    self.endpoints = endpoints
    self.failureMode = failureMode
    self.transport = transport
  }

  /// What is asked of its certificate; `nil` where nothing is.
  public var security: UpstreamTLS? { if case .tls(let security) = transport { security } else { nil } }
}

extension ExternalPicker: CustomStringConvertible {
  /// `Service namespace/name:port`.
  public var description: String { "Service \(service):\(port)" }
}
