public import Logging

/// Chooses how the process logs. Called once, at the start of `main`.
public enum LoggingSetup {
  /// How a log line is written.
  public enum Format: String, Sendable, CaseIterable {
    /// For people: time, level, label, message, `key=value` pairs.
    case text
    /// For collectors: one JSON object a line.
    case json
  }

  /// Sends every logger's lines to standard error. A second call in one process is refused by swift-log.
  public static func bootstrap(level: Logger.Level, format: Format) {
    LoggingSystem.bootstrap { label in LineLogHandler(label: label, level: level, format: format) }
  }
}
