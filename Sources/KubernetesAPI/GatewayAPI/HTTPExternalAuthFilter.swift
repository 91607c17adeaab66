/// Asks another server whether a request may pass.
///
/// Source: `HTTPExternalAuthFilter`, Gateway API v1, experimental channel.
public struct HTTPExternalAuthFilter: Codable, Sendable, Equatable {
  /// `HTTP` or `GRPC`, the latter that of Envoy's `ext_authz`.
  @OrEmpty public var `protocol`: String
  /// Who is asked.
  public var backendRef: BackendObjectReference
  /// What is told over HTTP.
  public var http: HTTPAuthConfig?
  /// What is told over gRPC.
  public var grpc: GRPCAuthConfig?
  /// How much of the body is told; nothing when unset.
  public var forwardBody: ForwardBodyConfig?

  /// Makes the value from its parts.
  public init(
    protocol: String, backendRef: BackendObjectReference, http: HTTPAuthConfig? = nil, grpc: GRPCAuthConfig? = nil,
    forwardBody: ForwardBodyConfig? = nil
  ) {
    self.protocol = `protocol`
    self.backendRef = backendRef
    self.http = http
    self.grpc = grpc
    self.forwardBody = forwardBody
  }
}

/// What an external authorization server is told over HTTP.
public struct HTTPAuthConfig: Codable, Sendable, Equatable {
  /// What stands before the request's path.
  public var path: String?
  /// Headers that are told besides those that always are.
  @OrEmpty public var allowedHeaders: [String]
  /// Headers of its answer that the backend is told; all but the host when empty.
  @OrEmpty public var allowedResponseHeaders: [String]

  /// Makes the value from its parts.
  public init(path: String? = nil, allowedHeaders: [String] = [], allowedResponseHeaders: [String] = []) {
    self.path = path
    self.allowedHeaders = allowedHeaders
    self.allowedResponseHeaders = allowedResponseHeaders
  }
}

/// What an external authorization server is told over gRPC.
public struct GRPCAuthConfig: Codable, Sendable, Equatable {
  /// Headers that are told; all when empty.
  @OrEmpty public var allowedHeaders: [String]

  /// Makes the value from its parts.
  public init(allowedHeaders: [String] = []) { self.allowedHeaders = allowedHeaders }
}

/// How much of a body an external authorization server is told.
public struct ForwardBodyConfig: Codable, Sendable, Equatable {
  /// The most bytes; 0 for none.
  public var maxSize: Int?

  /// Makes the value from its parts.
  public init(maxSize: Int? = nil) { self.maxSize = maxSize }
}
