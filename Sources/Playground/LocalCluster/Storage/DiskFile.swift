import Foundation

/// An open file, closed when nobody holds it any more.
final class DiskFile: Sendable {
  let path: String
  let descriptor: Int32

  /// - Throws: `StorageFailure` naming the file, why it cannot be opened, and the cure.
  init(_ path: String, _ flags: Int32) throws(StorageFailure) {
    self.path = path
    // 0600 at once: no moment in which others could open it.
    descriptor = Foundation.open(path, flags | O_CLOEXEC, 0o600)
    if descriptor < 0 { throw Self.failure(path, "cannot be opened", cure: "check its permissions") }
  }

  deinit { close(descriptor) }

  static func failure(_ path: String, _ what: String, cure: String) -> StorageFailure {
    StorageFailure(description: "\(path) \(what): \(String(cString: strerror(errno))); \(cure)")
  }

  /// Writes all bytes at the end.
  ///
  /// - Throws: `StorageFailure` when the disk does not take them; some may have been written.
  func append(_ bytes: [UInt8]) throws(StorageFailure) {
    var offset = 0
    while offset < bytes.count {
      let written = bytes.withUnsafeBytes {
        Foundation.write(descriptor, $0.baseAddress?.advanced(by: offset), $0.count - offset)
      }
      if written < 0 {
        if errno == EINTR { continue }
        throw Self.failure(path, "cannot be written", cure: "make room on the disk")
      }
      offset += written
    }
  }

  /// Returns when the content is on the disk itself.
  func sync() throws(StorageFailure) {
    guard fdatasync(descriptor) == 0 else {
      throw Self.failure(path, "cannot be brought to the disk", cure: "check the disk")
    }
  }

  /// The content of a file; `nil` if there is none.
  ///
  /// - Throws: `StorageFailure` for a file that is there and cannot be read.
  static func read(_ path: String) throws(StorageFailure) -> [UInt8]? {
    let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw failure(path, "cannot be read", cure: "check its permissions")
    }
    defer { close(descriptor) }
    var content: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = buffer.withUnsafeMutableBytes { Foundation.read(descriptor, $0.baseAddress, $0.count) }
      if count == 0 { return content }
      if count < 0 {
        if errno == EINTR { continue }
        throw failure(path, "cannot be read", cure: "check the disk and the file's permissions")
      }
      content += buffer[..<count]
    }
  }
}
