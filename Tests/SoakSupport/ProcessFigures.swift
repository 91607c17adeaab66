import Foundation

/// What this process holds.
enum ProcessFigures {
  /// Bytes of memory that are in use; `nil` where the system does not say.
  static var residentBytes: Int? {
    // `try?`: only Linux has the file.
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
    return text.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * Int(getpagesize()) }
  }

  /// How many sockets are open. Other descriptors come and go with the process's own threads and timers.
  static func sockets() throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/dev/fd").compactMap { Int32($0) }.count { descriptor in
      var status = stat()
      return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
    }
  }
}
