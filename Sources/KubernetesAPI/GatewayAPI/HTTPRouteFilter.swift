/// A filter of a route: `type` says which of the other members counts. A type or a member that we do not know leaves the
/// rest of the route readable.
///
/// Source: `HTTPRouteFilter`, Gateway API v1.
public struct HTTPRouteFilter: Codable, Sendable, Equatable {
  /// `RequestHeaderModifier`, `RequestRedirect`, `URLRewrite`, `RequestMirror`, …; empty when the filter has none.
  @OrEmpty public var type: String
  /// Changes to the request's headers.
  @IfReadable public var requestHeaderModifier: HTTPHeaderFilter?
  /// Changes to the response's headers.
  @IfReadable public var responseHeaderModifier: HTTPHeaderFilter?
  /// A redirect as the answer.
  @IfReadable public var requestRedirect: HTTPRequestRedirectFilter?
  /// Changes to host and path.
  @IfReadable public var urlRewrite: HTTPURLRewriteFilter?
  /// Where copies of the request go.
  @IfReadable public var requestMirror: HTTPRequestMirrorFilter?
  /// Which pages of other origins may call.
  @IfReadable public var cors: HTTPCORSFilter?
  /// Who is asked whether the request may pass.
  @IfReadable public var externalAuth: HTTPExternalAuthFilter?
  /// A filter of an implementation's own.
  @IfReadable public var extensionRef: LocalObjectReference?

  /// Makes the value from its parts.
  public init(
    type: String, requestHeaderModifier: HTTPHeaderFilter? = nil, responseHeaderModifier: HTTPHeaderFilter? = nil,
    requestRedirect: HTTPRequestRedirectFilter? = nil, urlRewrite: HTTPURLRewriteFilter? = nil,
    requestMirror: HTTPRequestMirrorFilter? = nil, cors: HTTPCORSFilter? = nil,
    externalAuth: HTTPExternalAuthFilter? = nil, extensionRef: LocalObjectReference? = nil
  ) {
    self.type = type
    self.requestHeaderModifier = requestHeaderModifier
    self.responseHeaderModifier = responseHeaderModifier
    self.requestRedirect = requestRedirect
    self.urlRewrite = urlRewrite
    self.requestMirror = requestMirror
    self.cors = cors
    self.externalAuth = externalAuth
    self.extensionRef = extensionRef
  }
}

/// Names an object of the same namespace.
///
/// Source: `LocalObjectReference`, Gateway API v1.
public struct LocalObjectReference: Codable, Sendable, Equatable {
  /// Its group; empty for the core group.
  @OrEmpty public var group: String
  /// Its kind.
  @OrEmpty public var kind: String
  /// Its name.
  @OrEmpty public var name: String

  /// Makes the value from its parts.
  public init(group: String = "", kind: String, name: String) {
    self.group = group
    self.kind = kind
    self.name = name
  }
}
