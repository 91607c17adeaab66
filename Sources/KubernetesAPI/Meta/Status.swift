/// What the API server answers when something went wrong.
///
/// Source: <https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/>
public struct Status: Codable, Sendable, Equatable {
  /// `Success` or `Failure`.
  public var status: String?
  /// What happened, for a person.
  public var message: String?
  /// What happened, in one word: `NotFound`, `Conflict`, `Expired`, ….
  public var reason: String?
  /// More about it.
  public var details: StatusDetails?
  /// The HTTP status.
  public var code: Int?

  /// A status.
  public init(
    status: String? = nil, message: String? = nil, reason: String? = nil, details: StatusDetails? = nil,
    code: Int? = nil
  ) {
    self.status = status
    self.message = message
    self.reason = reason
    self.details = details
    self.code = code
  }
}

/// More about a ``Status``.
public struct StatusDetails: Codable, Sendable, Equatable {
  /// The object's name.
  public var name: String?
  /// The object's group.
  public var group: String?
  /// The object's kind, often in its plural form.
  public var kind: String?
  /// Each thing that is wrong.
  @OrEmpty public var causes: [StatusCause]
  /// When to try again, in seconds.
  public var retryAfterSeconds: Int?

  /// Details.
  public init(
    name: String? = nil, group: String? = nil, kind: String? = nil, causes: [StatusCause] = [],
    retryAfterSeconds: Int? = nil
  ) {
    self.name = name
    self.group = group
    self.kind = kind
    self.causes = causes
    self.retryAfterSeconds = retryAfterSeconds
  }
}

/// One thing that is wrong with an object.
public struct StatusCause: Codable, Sendable, Equatable {
  /// What kind of mistake, for example `FieldValueInvalid`.
  public var reason: String?
  /// What is wrong, for a person.
  public var message: String?
  /// The field's path.
  public var field: String?

  /// A cause.
  public init(reason: String? = nil, message: String? = nil, field: String? = nil) {
    self.reason = reason
    self.message = message
    self.field = field
  }
}
