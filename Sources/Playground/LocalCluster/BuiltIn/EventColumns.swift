import Foundation
import JSONText
import KubernetesSchema

/// The columns of `kubectl get events`. Events are served in the core group only, which is what kubectl and the product
/// read and write.
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
      $0["involvedObject", "fieldPath"]?.stringValue
    },
    text("Source", "Who reported it.", priority: 1, source),
    text("Message", "What happened.") {
      $0["message"]?.stringValue?.trimmingCharacters(in: .whitespacesAndNewlines)
    },
    PrinterColumn(
      name: "First Seen", type: "string", description: "When this was first seen.", priority: 1,
      source: .computed { event, now in
        .string(PrinterColumn.age(since: time(event, "firstTimestamp"), now: now))
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

  private static func time(_ event: JSONValue, _ field: String) -> String? {
    event[field]?.stringValue ?? event["eventTime"]?.stringValue ?? event["metadata", "creationTimestamp"]?.stringValue
  }

  private static func lastSeen(_ event: JSONValue, _ now: Date) -> String {
    PrinterColumn.age(since: event["series", "lastObservedTime"]?.stringValue ?? time(event, "lastTimestamp"), now: now)
  }

  private static func count(_ event: JSONValue) -> Int64 {
    event["series", "count"]?.integerValue ?? event["count"]?.integerValue ?? 1
  }

  private static func object(_ event: JSONValue) -> String? {
    guard let about = event["involvedObject"] else { return nil }
    let kind = about["kind"]?.stringValue?.lowercased() ?? ""
    let name = about["name"]?.stringValue ?? ""
    return kind.isEmpty ? name : "\(kind)/\(name)"
  }

  private static func source(_ event: JSONValue) -> String? {
    let component = event["source", "component"]?.stringValue ?? ""
    return component.isEmpty ? event["reportingComponent"]?.stringValue : component
  }
}
