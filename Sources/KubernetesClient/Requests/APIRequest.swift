/// A request to the Kubernetes API as a value: what to send, without an address, a credential or any I/O.
public struct APIRequest: Hashable, Sendable {
  /// The method, in capitals.
  public var method: String
  /// The path, percent-encoded, with a leading slash.
  public var path: String
  /// The query, in order, not yet encoded.
  public var query: [QueryItem]
  /// The body, or `nil`.
  public var body: [UInt8]?
  /// The body's media type.
  public var contentType: String?
  /// The media type wanted.
  public var accept: String

  /// One parameter of a query.
  public struct QueryItem: Hashable, Sendable {
    /// The parameter's name.
    public var name: String
    /// Its value, not yet encoded.
    public var value: String

    /// A parameter.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// A request; most callers use the functions named for verbs.
  public init(
    method: String = "GET", path: String, query: [QueryItem] = [], body: [UInt8]? = nil, contentType: String? = nil,
    accept: String = MediaType.json
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.body = body
    self.contentType = contentType
    self.accept = accept
  }

  /// Path and query as they go on the request line.
  public var target: String {
    guard !query.isEmpty else { return path }
    let pairs = query.map { "\(percentEncode($0.name))=\(percentEncode($0.value))" }
    return "\(path)?\(pairs.joined(separator: "&"))"
  }
}
