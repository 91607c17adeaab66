/// How pickers are spoken to.
public struct PickerConfiguration: Sendable {
  /// Seconds for a connection to a picker to stand, the handshake of TLS included; then the next of its endpoints is tried.
  public var connectTimeoutSeconds: Int64 = 2
  /// Bytes that a request's body may have, also one that a picker sends in its place.
  public var maximumBodyBytes = 64 << 20
  /// Seconds that a picker may take to end a stream that we have ended; then it is reset.
  package var closeTimeoutSeconds: Int64 = 5
  /// Seconds that a connection may be open without a request on it.
  package var idleTimeoutSeconds: Int64 = 60

  /// The defaults.
  public init() {}
}
