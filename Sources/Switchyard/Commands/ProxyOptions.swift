import ArgumentParser
import DataPlane
import Foundation
import Routing

/// How long a gateway waits and how much it takes; each option has a twin in the environment, which the option overrides:
/// `--connect-timeout` is `SWITCHYARD_CONNECT_TIMEOUT` there. `docs/delivery.md` tells what each of them ends.
struct ProxyOptions: ParsableArguments {
  @Option(
    help:
      "Seconds for a connection to an endpoint to stand, or to become free; then the next candidate is tried. By default 2 (SWITCHYARD_CONNECT_TIMEOUT)."
  )
  var connectTimeout: Int?

  @Option(
    help:
      "Seconds that the endpoint picker that a pool names may take to choose, and to look at the head of a response; then the pool's failureMode says what happens. By default 5 (SWITCHYARD_PICKER_TIMEOUT)."
  )
  var pickerTimeout: Int?

  @Option(
    help:
      "Seconds that a request of criticality Standard may wait for a pool that is too busy for it; 0 turns it away at once. By default 30 (SWITCHYARD_QUEUE_TIMEOUT)."
  )
  var queueTimeout: Int?

  @Option(
    help:
      "Requests that may wait for one pool; others are turned away, the least important first. By default 1000 (SWITCHYARD_MAX_QUEUED_REQUESTS)."
  )
  var maxQueuedRequests: Int?

  @Option(
    help:
      "Seconds for a handshake of TLS, from a connection's beginning. By default 10 (SWITCHYARD_TLS_HANDSHAKE_TIMEOUT)."
  )
  var tlsHandshakeTimeout: Int?

  @Option(
    help:
      "Seconds for the head of a request to come whole, from its first byte. By default 10 (SWITCHYARD_REQUEST_HEAD_TIMEOUT)."
  )
  var requestHeadTimeout: Int?

  @Option(
    help:
      "Seconds in which more of a request body must come while the gateway waits for it, and in which an endpoint must take some of what waits for it. By default 30 (SWITCHYARD_REQUEST_BODY_TIMEOUT)."
  )
  var requestBodyTimeout: Int?

  @Option(
    help:
      "Seconds that an endpoint may take until the first byte of its response. By default 300 (SWITCHYARD_RESPONSE_TIMEOUT)."
  )
  var responseTimeout: Int?

  @Option(
    help: "Seconds that an endpoint may pause within a response. By default 120 (SWITCHYARD_RESPONSE_STALL_TIMEOUT).")
  var responseStallTimeout: Int?

  @Option(
    help:
      "Seconds for a whole request, from its head to the end of its response; 0 sets no limit, the default (SWITCHYARD_REQUEST_TIMEOUT)."
  )
  var requestTimeout: Int?

  @Option(
    help:
      "Seconds that a tunnel (WebSocket) may rest, in both directions. By default 3600 (SWITCHYARD_TUNNEL_IDLE_TIMEOUT)."
  )
  var tunnelIdleTimeout: Int?

  @Option(
    help:
      "Seconds that a client may take nothing of a response that waits for it. By default 60 (SWITCHYARD_CLIENT_STALL_TIMEOUT)."
  )
  var clientStallTimeout: Int?

  @Option(
    help:
      "Seconds that a client's connection may rest between requests. By default 75 (SWITCHYARD_CLIENT_IDLE_TIMEOUT).")
  var clientIdleTimeout: Int?

  @Option(
    help:
      "Seconds that a connection to an endpoint may rest between requests. By default 30 (SWITCHYARD_UPSTREAM_IDLE_TIMEOUT)."
  )
  var upstreamIdleTimeout: Int?

  @Option(
    help:
      "Seconds that running requests get to finish when the program is told to stop. By default 30 (SWITCHYARD_DRAIN_TIMEOUT)."
  )
  var drainTimeout: Int?

  @Option(
    help: "Bytes of a request's head. By default 65536 (SWITCHYARD_MAX_REQUEST_HEAD_BYTES).")
  var maxRequestHeadBytes: Int?

  @Option(
    help: "Bytes of a request's body. By default 67108864 (SWITCHYARD_MAX_REQUEST_BODY_BYTES).")
  var maxRequestBodyBytes: Int?

  @Option(
    help:
      "Bytes of memory that request bodies may take, all together. By default 536870912 (SWITCHYARD_MAX_HELD_BODY_BYTES)."
  )
  var maxHeldBodyBytes: Int?

  @Option(
    help:
      "Bytes of a request's body that are kept until a response begins, so that it can be sent again; a longer one is sent once. By default 1048576 (SWITCHYARD_MAX_REPLAY_BYTES)."
  )
  var maxReplayBytes: Int?

  @Option(
    help:
      "Connections to one endpoint, of each event loop; further requests wait for one. By default 1024 (SWITCHYARD_MAX_UPSTREAM_CONNECTIONS)."
  )
  var maxUpstreamConnections: Int?

  @Option(
    help:
      "Connections to one endpoint that may rest, of each event loop. By default 64 (SWITCHYARD_MAX_IDLE_UPSTREAM_CONNECTIONS)."
  )
  var maxIdleUpstreamConnections: Int?

  @Option(
    help:
      "yes tells each client in a Server-Timing header how long the gateway alone was at work on its request. By default no (SWITCHYARD_SERVER_TIMING)."
  )
  var serverTiming: String?

  /// - Throws: `ValidationError` that names the option or the variable, the value and what may be given.
  func configuration(environment: [String: String] = ProcessInfo.processInfo.environment) throws -> ProxyConfiguration {
    var proxy = ProxyConfiguration()
    try readWaits(into: &proxy, environment)
    try readSizes(into: &proxy, environment)
    let timing = try EnvironmentTwin("--server-timing", serverTiming, environment: environment)
    guard let value = timing.value else { return proxy }
    guard ["yes", "no"].contains(value) else { throw ValidationError("\(timing.source) '\(value)': use yes or no") }
    proxy.sendsServerTiming = value == "yes"
    return proxy
  }

  /// So that a mistake is told before anything starts.
  func validate() throws { _ = try configuration() }

  /// A day is more than anybody waits for.
  private static let seconds = 1...86_400
  /// Less does not hold what common clients send.
  private static let headBytes = 1024...1 << 20
  /// A body is held in memory until an endpoint answers.
  private static let bodyBytes = 1024...1 << 30

  private static let queued = 0...1 << 20
  /// More than any machine has.
  private static let heldBytes = 1024...1 << 40
  private static let replayBytes = 0...1 << 30
  private static let connections = 1...1 << 16
  private static let restingConnections = 0...1 << 16

  private func readSizes(into proxy: inout ProxyConfiguration, _ environment: [String: String]) throws {
    let sizes: [(String, Int?, ClosedRange<Int>, String, WritableKeyPath<ProxyConfiguration, Int>)] = [
      ("--max-request-head-bytes", maxRequestHeadBytes, Self.headBytes, "bytes", \.maximumHeaderBytes),
      ("--max-request-body-bytes", maxRequestBodyBytes, Self.bodyBytes, "bytes", \.maximumRequestBodyBytes),
      ("--max-held-body-bytes", maxHeldBodyBytes, Self.heldBytes, "bytes", \.maximumHeldBytes),
      ("--max-replay-bytes", maxReplayBytes, Self.replayBytes, "bytes", \.maximumReplayBytes),
      ("--max-queued-requests", maxQueuedRequests, Self.queued, "requests", \.queue.places),
      (
        "--max-upstream-connections", maxUpstreamConnections, Self.connections, "connections",
        \.maximumUpstreamConnections
      ),
      (
        "--max-idle-upstream-connections", maxIdleUpstreamConnections, Self.restingConnections, "connections",
        \.maximumIdleUpstreamConnections
      ),
    ]
    for (option, given, range, unit, field) in sizes {
      if let size = try number(option, given, range, unit, environment) { proxy[keyPath: field] = size }
    }
  }

  private func readWaits(into proxy: inout ProxyConfiguration, _ environment: [String: String]) throws {
    let waits: [(String, Int?, WritableKeyPath<ProxyConfiguration, Int64>)] = [
      ("--connect-timeout", connectTimeout, \.connectTimeoutSeconds),
      ("--picker-timeout", pickerTimeout, \.pickerTimeoutSeconds),
      ("--tls-handshake-timeout", tlsHandshakeTimeout, \.handshakeTimeoutSeconds),
      ("--request-head-timeout", requestHeadTimeout, \.headerTimeoutSeconds),
      ("--request-body-timeout", requestBodyTimeout, \.bodyIdleTimeoutSeconds),
      ("--response-timeout", responseTimeout, \.firstByteTimeoutSeconds),
      ("--response-stall-timeout", responseStallTimeout, \.responseIdleTimeoutSeconds),
      ("--tunnel-idle-timeout", tunnelIdleTimeout, \.tunnelIdleTimeoutSeconds),
      ("--client-stall-timeout", clientStallTimeout, \.clientStallTimeoutSeconds),
      ("--client-idle-timeout", clientIdleTimeout, \.clientIdleTimeoutSeconds),
      ("--upstream-idle-timeout", upstreamIdleTimeout, \.upstreamIdleTimeoutSeconds),
    ]
    for (option, given, field) in waits {
      if let seconds = try number(option, given, Self.seconds, "seconds", environment) {
        proxy[keyPath: field] = Int64(seconds)
      }
    }
    let orNone = 0...Self.seconds.upperBound
    if let seconds = try number("--drain-timeout", drainTimeout, orNone, "seconds", environment) {
      proxy.drainTimeoutSeconds = Int64(seconds)
    }
    let orAtOnce = "seconds, 0 to turn away at once"
    if let seconds = try number("--queue-timeout", queueTimeout, orNone, orAtOnce, environment) {
      proxy.queue.timeout = UInt64(seconds) * 1_000_000_000
    }
    if let seconds = try number("--request-timeout", requestTimeout, orNone, "seconds, 0 for no limit", environment) {
      proxy.requestTimeoutSeconds = seconds == 0 ? nil : Int64(seconds)
    }
  }

  /// What the option or its twin says; `nil` where neither does.
  private func number(
    _ option: String, _ given: Int?, _ range: ClosedRange<Int>, _ unit: String, _ environment: [String: String]
  ) throws -> Int? {
    let twin = try EnvironmentTwin(option, given, environment: environment)
    guard let value = twin.value else { return nil }
    guard range.contains(value) else {
      throw ValidationError("\(twin.source) \(value): give \(range.lowerBound) to \(range.upperBound) \(unit)")
    }
    return value
  }
}
