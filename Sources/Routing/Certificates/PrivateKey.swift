/// A private key. Whatever prints, logs, dumps or encodes a value that holds it shows `(private key)`; only
/// ``withPEM(_:)`` gives it away.
public struct PrivateKey: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  private let pem: [UInt8]

  /// A key, as unencrypted PEM.
  public init(pem: [UInt8]) { self.pem = pem }

  /// Hands the PEM to what sets up TLS. It must not keep it.
  public func withPEM<Result, Failure: Error>(_ body: ([UInt8]) throws(Failure) -> Result) throws(Failure) -> Result {
    try body(pem)
  }

  /// Nothing of the key.
  public var description: String { "(private key)" }
  /// Nothing of the key.
  public var debugDescription: String { description }
  /// Nothing of the key.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
