import Foundation

/// A file, a pipe or a terminal that lines are written to; who reads it may be slow, or gone.
struct AccessLogOutput: Sendable {
  /// A pipe that says it takes bytes takes so many without blocking.
  private static let pieceBytes = 4096
  /// How long a reader that takes nothing holds the end of the process, in seconds.
  static let patience = 2.0

  let descriptor: Int32

  /// Writes lines; returns how many of them were taken whole. Waits for as long as nothing is taken, until `isEnding`.
  func write(_ lines: [UInt8], isEnding: () -> Bool) -> UInt64 {
    var sent = 0
    var deadline: Date?
    while sent < lines.count {
      if isEnding() {
        let end = deadline ?? Date(timeIntervalSinceNow: Self.patience)
        deadline = end
        if end < Date() { break }
      }
      var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      guard Foundation.poll(&poll, 1, 100) > 0 else { continue }
      let count = Self.piece(lines, from: sent).withUnsafeBytes {
        Foundation.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno != EINTR, errno != EAGAIN { break }
      sent += max(0, count)
    }
    return UInt64(lines[..<sent].count { $0 == UInt8(ascii: "\n") })
  }

  /// Whole lines where they fit, so that nothing else that writes there comes between the parts of one.
  private static func piece(_ lines: [UInt8], from start: Int) -> ArraySlice<UInt8> {
    let most = lines[start...].prefix(pieceBytes)
    return most.lastIndex(of: UInt8(ascii: "\n")).map { most[...$0] } ?? most
  }
}
