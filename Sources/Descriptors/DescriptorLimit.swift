public import Logging

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How many file descriptors the system lets this process have open at once (`RLIMIT_NOFILE`).
///
/// Source: <https://man7.org/linux/man-pages/man2/getrlimit.2.html>. The soft limit is usually 1,024 for the sake of
/// programs that use `select`, which this one does not; a process may raise it to the hard limit by itself.
public struct DescriptorLimit: Sendable, Equatable {
  /// What holds now.
  public var soft: Int
  /// What the process may raise it to.
  public var hard: Int

  /// Below this a process that serves many streams is told about.
  static let comfortable = 4096

  /// The limit of this process; `nil` where the system does not tell.
  public static var current: DescriptorLimit? {
    read().map { DescriptorLimit(soft: Int(clamping: $0.rlim_cur), hard: Int(clamping: $0.rlim_max)) }
  }

  /// Raises the soft limit to the hard one, and says so where that cannot be or leaves few for a program of whose
  /// descriptors each stream takes so many.
  public static func raise(descriptorsPerStream: Int, logger: Logger) {
    guard let before = current else { return }
    let code = before.soft < before.hard ? set(before.hard) : 0
    let after = current ?? before
    guard let warning = after.warning(errorCode: code, descriptorsPerStream: descriptorsPerStream) else { return }
    logger.warning("few files may be open at once", metadata: ["reason": "\(warning)"])
  }

  /// What a person should know of this limit after the attempt to raise it, which failed with `errorCode` unless 0.
  func warning(errorCode: Int32, descriptorsPerStream: Int) -> String? {
    let use = "each stream takes \(descriptorsPerStream), and connections beyond wait"
    if errorCode != 0 {
      return "the limit of \(soft) open files cannot be raised to \(hard): \(String(cString: strerror(errorCode))); "
        + "\(use): before the start, set it with `ulimit -Sn \(hard)`, \(Self.cure(hard))"
    }
    guard soft < Self.comfortable else { return nil }
    return "the hard limit is \(hard) open files; \(use): before the start, raise it as root to \(Self.comfortable) or "
      + "more with `ulimit -Hn \(Self.comfortable)`, \(Self.cure(Self.comfortable))"
  }

  private static func cure(_ limit: Int) -> String {
    "LimitNOFILE=\(limit) in systemd, or --ulimit nofile=\(limit):\(limit) of the container runtime"
  }

  #if canImport(Glibc)
    private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
  #else
    private static let resource = RLIMIT_NOFILE
  #endif

  private static func read() -> rlimit? {
    var limit = rlimit()
    return getrlimit(resource, &limit) == 0 ? limit : nil
  }

  /// The system's error code, 0 for none.
  private static func set(_ soft: Int) -> Int32 {
    guard var limit = read() else { return errno }
    limit.rlim_cur = rlim_t(soft)
    #if canImport(Darwin)
      limit.rlim_cur = min(limit.rlim_cur, rlim_t(OPEN_MAX))
    #else
      limit.rlim_cur = limit.rlim_max
    #endif
    return setrlimit(resource, &limit) == 0 ? 0 : errno
  }
}
