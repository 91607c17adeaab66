import NIOCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A connection was not opened, because too few descriptors are left.
public struct NoDescriptorLeft: Error {
  /// The error.
  public init() {}

  /// Whether an error of opening or accepting says the same, in our words or the system's.
  public static func isMeant(by error: any Error) -> Bool {
    if error is NoDescriptorLeft { return true }
    guard let code = (error as? IOError)?.errnoCode else { return false }
    return code == EMFILE || code == ENFILE
  }
}
