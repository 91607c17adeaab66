import CDispatch
import Foundation
import Glibc

/// A file that names the one process which has it, by a lock that the system takes back when the process ends, however it
/// ends: a number in a file alone would outlive a crash, and soon name a stranger.
struct ProcessClaim: Sendable {
  let path: String
  private let descriptor: Int32

  /// Claims the file for this process and writes its number into it.
  ///
  /// - Returns: `nil` when another process has it; then the file says which.
  /// - Throws: ``StateFolderError`` when the file cannot be written.
  init?(_ path: String) throws {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw StateFolderError(description: "\(path): \(String(cString: strerror(errno))); choose another --data-dir")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, Self.isSame(descriptor, path) else {
      close(descriptor)
      return nil
    }
    let number = Array("\(getpid())\n".utf8)
    guard ftruncate(descriptor, 0) == 0, write(descriptor, number, number.count) == number.count else {
      close(descriptor)
      throw StateFolderError(description: "\(path): cannot be written; is the disk full?")
    }
    self.path = path
    self.descriptor = descriptor
  }

  /// Whether the file locked is still the one at the path: its last owner removes it while it ends.
  private static func isSame(_ descriptor: Int32, _ path: String) -> Bool {
    var (locked, named) = (stat(), stat())
    return fstat(descriptor, &locked) == 0 && stat(path, &named) == 0 && locked.st_ino == named.st_ino
  }

  /// Removes the file and lets go of it.
  func release() {
    unlink(path)
    close(descriptor)
  }
}
