import ArgumentParser
import Foundation
import Operator

/// Whether each request is told of on standard output; each option has a twin in the environment, which the option overrides.
struct AccessLogOptions: ParsableArguments {
  @Option(
    help: "One line on standard output for each request: off, text or json. By default off (SWITCHYARD_ACCESS_LOG).")
  var accessLog: String?

  @Option(
    help:
      """
      The share of requests in the access log, 0 to 1; those that ended in an error or a status of 400 or above always are. \
      By default 1 (SWITCHYARD_ACCESS_LOG_SAMPLE).
      """)
  var accessLogSample: Double?

  /// What the access log is; `nil` where it is off.
  ///
  /// - Throws: `ValidationError` that names the option or the variable, the value and what may be given.
  func configuration(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> AccessLogConfiguration? {
    let format = try EnvironmentTwin("--access-log", accessLog, environment: environment)
    let sample = try EnvironmentTwin("--access-log-sample", accessLogSample, environment: environment)
    if let share = sample.value, !(0...1).contains(share) {
      throw ValidationError("\(sample.source) \(share): give a share of all requests, 0 to 1")
    }
    guard let name = format.value, name != "off" else { return nil }
    guard let known = AccessLogConfiguration.Format(rawValue: name) else {
      throw ValidationError("\(format.source) '\(name)': use off, text or json")
    }
    return AccessLogConfiguration(format: known, sample: sample.value ?? 1)
  }

  /// So that a mistake is told before anything starts.
  func validate() throws { _ = try configuration() }
}
