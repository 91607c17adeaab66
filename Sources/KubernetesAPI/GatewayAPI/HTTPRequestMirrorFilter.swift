/// Sends copies of requests elsewhere, and drops what is answered to them.
///
/// Source: `HTTPRequestMirrorFilter`, Gateway API v1.
public struct HTTPRequestMirrorFilter: Codable, Sendable, Equatable {
  /// Where the copies go.
  public var backendRef: BackendObjectReference
  /// How many of 100 requests are copied; all when this and `fraction` are unset.
  public var percent: Int?
  /// Which part of the requests is copied.
  public var fraction: Fraction?

  /// Makes the value from its parts.
  public init(backendRef: BackendObjectReference, percent: Int? = nil, fraction: Fraction? = nil) {
    self.backendRef = backendRef
    self.percent = percent
    self.fraction = fraction
  }
}

/// A part of a whole.
///
/// Source: `Fraction`, Gateway API v1.
public struct Fraction: Codable, Sendable, Equatable {
  /// How many.
  public var numerator: Int
  /// Of how many; 100 when unset.
  public var denominator: Int?

  /// Makes the value from its parts.
  public init(numerator: Int, denominator: Int? = nil) {
    self.numerator = numerator
    self.denominator = denominator
  }
}

/// Names a backend.
///
/// Source: `BackendObjectReference`, Gateway API v1.
public struct BackendObjectReference: Codable, Sendable, Equatable {
  /// Its group; core when unset.
  public var group: String?
  /// Its kind; `Service` when unset.
  public var kind: String?
  /// Its name.
  @OrEmpty public var name: String
  /// Its namespace; that of the object that names it when unset.
  public var namespace: String?
  /// Its port; needed for a Service.
  public var port: Int?

  /// Makes the value from its parts.
  public init(group: String? = nil, kind: String? = nil, name: String, namespace: String? = nil, port: Int? = nil) {
    self.group = group
    self.kind = kind
    self.name = name
    self.namespace = namespace
    self.port = port
  }
}
