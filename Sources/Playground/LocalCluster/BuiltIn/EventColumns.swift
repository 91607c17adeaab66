import Foundation
import JSONText
import KubernetesAPI
import KubernetesSchema

/// The columns of `kubectl get events`, for the core and the events.k8s.io form of an event.
///
/// Source: https://github.com/kubernetes/kubernetes/blob/v1.36.0/pkg/printers/internalversion/printers.go (printEvent)
enum EventColumns {
  static let all: [PrinterColumn] = [
    PrinterColumn(
      name: "Last Seen", type: "string", description: "When this was last seen.",
      source: .computed { event, now in .string(lastSeen(event, now)) }),
    text("Type", "Normal or Warning.") { $0["type"]?.stringValue },
    text("Reason", "One word, for programs.") { $0["reason"]?.stringValue },
    text("Object", "What the event is about.", object),
    text("Subobject", "The part of it that the event is about.", priority: 1) {
      $0["involvedObject", "fieldPath"]?.stringValue ?? $0["regarding", "fieldPath"]?.stringValue
    },
    text("Source", "Who reported it.", priority: 1, source),
    text("Message", "What happened.") {
      ($0["message"] ?? $0["note"])?.stringValue?.trimmingCharacters(in: .whitespacesAndNewlines)
    },
    PrinterColumn(
      name: "First Seen", type: "string", description: "When this was first seen.", priority: 1,
      source: .computed { event, now in
        .string(PrinterColumn.age(since: time(event, ["firstTimestamp", "deprecatedFirstTimestamp"]), now: now))
      }),
    PrinterColumn(
      name: "Count", type: "string", description: "How often this was seen.", priority: 1,
      source: .computed { event, _ in .string(String(count(event))) }),
    text("Name", "The event's own name.", priority: 1) { $0["metadata", "name"]?.stringValue },
  ]

  private static func text(
    _ name: String, _ description: String, priority: Int = 0, _ compute: @escaping @Sendable (JSONValue) -> String?
  ) -> PrinterColumn {
    PrinterColumn(
      name: name, type: "string", format: name == "Name" ? "name" : "", description: description, priority: priority,
      source: .computed { event, _ in .string(compute(event) ?? "") })
  }

  private static func time(_ event: JSONValue, _ fields: [String]) -> String? {
    (fields + ["eventTime"]).lazy.compactMap { event[$0]?.stringValue }.first
      ?? event["metadata", "creationTimestamp"]?.stringValue
  }

  private static func lastSeen(_ event: JSONValue, _ now: Date) -> String {
    let last =
      event["series", "lastObservedTime"]?.stringValue
      ?? time(event, ["lastTimestamp", "deprecatedLastTimestamp"])
    return PrinterColumn.age(since: last, now: now)
  }

  private static func count(_ event: JSONValue) -> Int64 {
    let counts = [event["series", "count"], event["count"], event["deprecatedCount"]]
    return counts.lazy.compactMap { $0?.integerValue }.first ?? 1
  }

  private static func object(_ event: JSONValue) -> String? {
    guard let about = event["involvedObject"] ?? event["regarding"] else { return nil }
    let kind = about["kind"]?.stringValue?.lowercased() ?? ""
    let name = about["name"]?.stringValue ?? ""
    return kind.isEmpty ? name : "\(kind)/\(name)"
  }

  private static func source(_ event: JSONValue) -> String? {
    let component =
      [event["source", "component"], event["deprecatedSource", "component"]].lazy
      .compactMap { $0?.stringValue }.first { !$0.isEmpty }
    return component ?? (event["reportingComponent"] ?? event["reportingController"])?.stringValue
  }
}
