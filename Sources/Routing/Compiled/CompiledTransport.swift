/// A transport that is the same object in every table which asks for the same, so that connections are found by it without looking
/// at what it says.
public final class CompiledTransport: Sendable {
  /// HTTP/1.1 in clear.
  public static let plain = CompiledTransport(UpstreamTransport())

  /// What is spoken.
  public let transport: UpstreamTransport

  /// A transport.
  init(_ transport: UpstreamTransport) { self.transport = transport }
}
