/// Why a test cannot go on.
public struct Failure: Error, CustomStringConvertible {
  /// A sentence for the reader of the test's log.
  public var description: String

  /// A failure that says why.
  public init(_ description: String) { self.description = description }
}
