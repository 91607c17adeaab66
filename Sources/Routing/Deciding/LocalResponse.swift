/// An answer of the gateway's own that is no error.
public struct LocalResponse: Sendable, Equatable {
  /// The status.
  public var status: Int
  /// Its headers, without those that frame the body.
  public var fields: [HeaderChange.Field]
  /// Its body.
  public var body: [UInt8]
  /// Whom the request concerned.
  public var subject: RequestSubject

  /// An answer.
  public init(
    status: Int, fields: [HeaderChange.Field] = [], body: [UInt8] = [], subject: RequestSubject = RequestSubject()
  ) {
    self.status = status
    self.fields = fields
    self.body = body
    self.subject = subject
  }
}
