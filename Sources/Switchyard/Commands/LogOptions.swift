import ArgumentParser
import Foundation
import Logging
import Observability

/// How a subcommand logs; each flag has a twin in the environment, which the flag overrides.
struct LogOptions: ParsableArguments {
  @Option(help: "trace, debug, info, notice, warning, error or critical (SWITCHYARD_LOG_LEVEL).")
  var logLevel: String?

  @Option(help: "text or json (SWITCHYARD_LOG_FORMAT).")
  var logFormat: String?

  func bootstrap(defaultLevel: Logger.Level = .info) throws {
    let environment = ProcessInfo.processInfo.environment
    let levelName = logLevel ?? environment["SWITCHYARD_LOG_LEVEL"]
    let formatName = logFormat ?? environment["SWITCHYARD_LOG_FORMAT"]
    guard let level = levelName.map(Logger.Level.init(rawValue:)) ?? defaultLevel else {
      throw ValidationError(
        "log level '\(levelName ?? "")': use trace, debug, info, notice, warning, error or critical")
    }
    guard let format = formatName.map(LoggingSetup.Format.init(rawValue:)) ?? .text else {
      throw ValidationError("log format '\(formatName ?? "")': use text or json")
    }
    LoggingSetup.bootstrap(level: level, format: format)
  }
}
