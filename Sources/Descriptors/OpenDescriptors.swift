#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How many descriptors this process has open, asked of the system.
package enum OpenDescriptors {
  #if canImport(Darwin)
    private static let folder = "/dev/fd"
  #else
    private static let folder = "/proc/self/fd"
  #endif

  /// Whether counting is one system call, so that it may be done often; else it takes time for each that is open.
  static let isCheap = size() != nil

  /// The count; `nil` when the system does not tell, as when there is no descriptor left to read a folder with.
  package static func count() -> Int? { size() ?? entries() }

  /// Linux 6.2 and later tell the count as the size of the folder; elsewhere that is 0.
  private static func size() -> Int? {
    var status = stat()
    guard stat(folder, &status) == 0, status.st_size > 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
    #if canImport(Darwin)
      return nil
    #else
      return Int(status.st_size)
    #endif
  }

  private static func entries() -> Int? {
    guard let directory = opendir(folder) else { return nil }
    defer { closedir(directory) }
    var count = 0
    while readdir(directory) != nil { count += 1 }
    // Not the two dots, nor the descriptor that reads the folder.
    return max(0, count - 3)
  }
}
