/// The headers of a request, in whatever form a front end keeps them.
public protocol RequestHeaders {
  /// The first value of the header; `name` is in lower case, letter case of the stored names is not significant.
  func first(_ name: String) -> String?
}

/// What routing looks at of one request.
public struct RequestView<Headers: RequestHeaders> {
  /// The local address that the client connected to, without brackets; `nil` takes listeners of every address.
  public var address: String?
  /// The local port that the client connected to.
  public var port: Int
  /// The host name of the request, without a port, in any letter case; empty if the request names none.
  public var host: String
  /// The path as sent, still percent-encoded, without the query.
  public var path: String
  /// The query as sent, without its `?`; empty if there is none.
  public var query: String
  /// The method, in capitals.
  public var method: String
  /// The headers.
  public var headers: Headers
  /// The body's `model`, as the gateway itself read it; `nil` if the body names none.
  public var model: String?

  /// A view of a request.
  public init(
    address: String? = nil, port: Int, host: String, path: String, query: String = "", method: String,
    headers: Headers, model: String? = nil
  ) {
    self.address = address
    self.port = port
    self.host = host
    self.path = path
    self.query = query
    self.method = method
    self.headers = headers
    self.model = model
  }
}

/// The header by which an HTTPRoute matches the model that a request's body names.
///
/// Rules that match on it see ``RequestView/model`` only. A header of that name from a client is never looked at, so
/// that no client can send its request to a pool that its body does not ask for.
public let modelNameHeader = "x-gateway-model-name"

/// The header by which an HTTPRoute matches the base model of the model that a request's body names: of an adapter, the
/// model that it was trained on (``Listener/baseModels``). Like ``modelNameHeader``, it is never read from a client.
public let baseModelNameHeader = "x-gateway-base-model-name"

/// Whether a header in lower case is one of those that the gateway makes of the body's model.
func isModelHeader(_ name: String) -> Bool { name == modelNameHeader || name == baseModelNameHeader }
