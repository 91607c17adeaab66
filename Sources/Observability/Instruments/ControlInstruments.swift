/// Every instrument of the control plane, declared once.
public struct ControlInstruments: Sendable {
  /// Passes of the pure translation.
  public let translations: Counter
  /// Snapshot to published table, seconds.
  public let translationDuration: Histogram
  /// When the last pass ended, seconds since 1970; no sample before the first.
  public let lastTranslation: Gauge
  /// Seconds from the moment at which this process heard of a change to the moment at which requests were routed by it.
  public let changeToTraffic: Histogram
  /// How many tables this process has published; no sample before the first.
  public let tableRevision: Gauge
  /// Always 1, for the table in use. Label: `hash`.
  public let tableInfo: Gauge
  /// 1 for each condition that we say of an object. Labels: `kind`, `namespace`, `name`, `type`, `status`.
  public let conditions: Gauge
  /// Status writes. Labels: `kind`, `result` (such as `written`, `conflict`, `failed`).
  public let statusWrites: Counter
  /// Events about objects, told for people's sake. Label: `result` (`written`, `failed`, `dropped`).
  public let events: Counter
  /// Events that watches delivered. Labels: `kind`, `type` (`ADDED`, `MODIFIED`, `DELETED`, `BOOKMARK`, `ERROR`, and
  /// `UNDECODABLE` for objects that were left out, from lists as well).
  public let watchEvents: Counter
  /// Lists and watches that ended or failed and were followed by another. Labels: `kind`, `reason`.
  public let watchRestarts: Counter
  /// Scrapes of model servers. Labels: `kind`, `namespace`, `name` of the pool, and `result`.
  public let scrapes: Counter

  /// Declares the instruments in a registry.
  public init(registry: MetricsRegistry) {
    translations = registry.counter(
      "switchyard_translations_total", help: "Passes that turned the cluster's objects into a routing table.")
    translationDuration = registry.histogram(
      "switchyard_translation_duration_seconds", help: "Time from the snapshot of all stores to the published table.",
      bounds: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5])
    lastTranslation = registry.gauge(
      "switchyard_last_translation_timestamp_seconds", help: "When the last pass ended, seconds since 1970.")
    changeToTraffic = registry.histogram(
      "switchyard_change_to_traffic_seconds",
      help: "Time from hearing of a change to routing requests by the table made of it.",
      bounds: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10])
    tableRevision = registry.gauge(
      "switchyard_table_revision", help: "How many routing tables this process has published.")
    tableInfo = registry.gauge(
      "switchyard_table_info", help: "The routing table in use, always 1: equal tables have equal hashes.",
      labels: ["hash"])
    conditions = registry.gauge(
      "switchyard_conditions", help: "Conditions of objects as this process sees them, 1 for each status said.",
      labels: ["kind", "namespace", "name", "type", "status"])
    statusWrites = registry.counter(
      "switchyard_status_writes_total", help: "Status writes by kind and result.", labels: ["kind", "result"])
    events = registry.counter(
      "switchyard_events_total", help: "Events about objects, written for kubectl describe, by result.",
      labels: ["result"])
    watchEvents = registry.counter(
      "switchyard_watch_events_total", help: "Events that watches delivered, by kind and type.",
      labels: ["kind", "type"])
    watchRestarts = registry.counter(
      "switchyard_watch_restarts_total", help: "Watches that had to list again or reconnect, by kind and reason.",
      labels: ["kind", "reason"])
    scrapes = registry.counter(
      "switchyard_scrapes_total", help: "Scrapes of model servers by pool and result.",
      labels: GatewayInstruments.poolLabels + ["result"])
  }
}
