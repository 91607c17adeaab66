import ArgumentParser
import Foundation
import Observability

/// What the admin server shows, and to whom; each option has a twin in the environment, which the option overrides.
struct AdminOptions: ParsableArguments {
  @Option(
    help:
      """
      Families of metric names, separated by commas: llm-d (llm_d_epp_*), gie (inference_*), switchyard (what neither \
      has). By default all (SWITCHYARD_METRIC_NAMES).
      """)
  var metricNames: String?

  @Option(
    name: .customLong("admin-allowed-host"),
    help:
      """
      A further name or address by which the admin server may be asked for, in the Host header; may be given several times \
      (SWITCHYARD_ADMIN_ALLOWED_HOSTS, separated by commas).
      """)
  var allowedHosts: [String] = []

  /// - Throws: `ValidationError` that names the option, the value and the choices.
  func families(environment: [String: String] = ProcessInfo.processInfo.environment) throws -> Set<MetricFamily> {
    let (source, text) =
      metricNames.map { ("--metric-names", $0) }
      ?? ("SWITCHYARD_METRIC_NAMES", environment["SWITCHYARD_METRIC_NAMES"] ?? "")
    if metricNames == nil, text.isEmpty { return Set(MetricFamily.allCases) }
    do { return try MetricFamily.list(text) } catch { throw ValidationError("\(source): \(error)") }
  }

  /// - Throws: `ValidationError` for what can never stand in a `Host` header.
  func hosts(environment: [String: String] = ProcessInfo.processInfo.environment) throws -> [String] {
    let fromEnvironment = (environment["SWITCHYARD_ADMIN_ALLOWED_HOSTS"] ?? "").split(separator: ",").map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    let (source, hosts) =
      allowedHosts.isEmpty
      ? ("SWITCHYARD_ADMIN_ALLOWED_HOSTS", fromEnvironment) : ("--admin-allowed-host", allowedHosts)
    for host in hosts where !AdminServer.Configuration.isHost(host) {
      throw ValidationError("\(source) '\(host)': use a host name or an address, without scheme, port and path")
    }
    return hosts
  }

  /// Both, so that a mistake is told before anything starts.
  func validate() throws {
    _ = try families()
    _ = try hosts()
  }
}
