/// A kubeconfig, or a pod's environment, that cannot be used: which field, which value, and the cure.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// One line for a person.
  public let description: String

  /// An error from its line.
  public init(_ description: String) {
    self.description = description
  }
}
