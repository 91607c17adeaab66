import Foundation
import JSONText
import Logging

/// Writes one line an event to standard error.
struct LineLogHandler: LogHandler {
  var metadata: Logger.Metadata = [:]
  var metadataProvider: Logger.MetadataProvider?
  var logLevel: Logger.Level
  private let label: String
  private let format: LoggingSetup.Format
  private let write: @Sendable (String) -> Void

  init(
    label: String, level: Logger.Level, format: LoggingSetup.Format,
    write: @escaping @Sendable (String) -> Void = LineLogHandler.writeToStandardError
  ) {
    self.label = label
    self.logLevel = level
    self.format = format
    self.write = write
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var all = metadata
    if let provided = metadataProvider?.get() { all.merge(provided) { _, new in new } }
    if let own = event.metadata { all.merge(own) { _, new in new } }
    let line = LogLine(
      time: Self.timestamp(), level: event.level, label: label, message: "\(event.message)", metadata: all)
    write(format == .json ? line.json : line.text)
  }

  /// One `write` a line: lines of several threads do not mix, and nothing is lost in a buffer when the process ends.
  @Sendable static func writeToStandardError(_ line: String) {
    var bytes = Array(line.utf8)
    bytes.append(UInt8(ascii: "\n"))
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      guard written > 0 else { return }
      rest = rest.dropFirst(written)
    }
  }

  /// RFC 3339 with milliseconds, UTC.
  static func timestamp() -> String {
    RFC3339Time(secondsSince1970: Date().timeIntervalSince1970).text(decimals: 3)
  }
}
