package import Foundation
package import JSONText
import KubernetesAPI

/// One column of `kubectl get`.
package struct PrinterColumn: Sendable {
  /// Where a cell comes from.
  package enum Source: Sendable {
    case path(JSONPath)
    /// Computed from the whole object, as the API server does for core kinds.
    case computed(@Sendable (_ object: JSONValue, _ now: Date) -> JSONValue)
  }

  package var name: String
  /// `string`, `integer`, `number`, `boolean` or `date`.
  package var type: String
  package var format: String = ""
  package var description: String = ""
  /// 0 is always shown, more only with `-o wide`.
  package var priority: Int = 0
  package var source: Source

  /// A column.
  package init(
    name: String, type: String, format: String = "", description: String = "", priority: Int = 0, source: Source
  ) {
    self.name = name
    self.type = type
    self.format = format
    self.description = description
    self.priority = priority
    self.source = source
  }

  /// The cell of one object; null when there is nothing to show.
  ///
  /// - Parameter now: what ages are counted to.
  package func cell(for object: JSONValue, now: Date) -> JSONValue {
    switch source {
    case .computed(let compute): compute(object, now)
    case .path(let path): Self.cell(path.values(in: object), type: type, now: now)
    }
  }

  private static func cell(_ values: [JSONValue], type: String, now: Date) -> JSONValue {
    guard let first = values.first else { return .null }
    switch type {
    case "integer": return first.integerValue.map(JSONValue.integer) ?? .null
    case "number": return first.doubleValue == nil ? .null : first
    case "boolean": return first.boolValue == nil ? .null : first
    case "date": return first.stringValue.map { .string(age(since: $0, now: now)) } ?? .null
    // The first value only, as the real server has it: a Gateway shows its first address.
    default: return .string(first.stringValue ?? first.display)
    }
  }

  /// The time since an RFC 3339 time, such as `3m20s`; `<unknown>` without one.
  package static func age(since time: String?, now: Date) -> String {
    guard let seconds = time.flatMap({ RFC3339Time($0)?.secondsSince1970 }) else { return "<unknown>" }
    return humanDuration(now.timeIntervalSince1970 - seconds)
  }

  /// `NAME`, the first column of every kind.
  package static let objectName = PrinterColumn(
    name: "Name", type: "string", format: "name",
    description: "The object's name, unique among objects of its kind in its namespace.",
    source: .computed { object, _ in object["metadata", "name"] ?? .null })

  /// `AGE` as custom resources have it.
  package static let age = PrinterColumn(
    name: "Age", type: "date", description: "The time since the server created the object.",
    source: .computed { object, now in
      .string(age(since: object["metadata", "creationTimestamp"]?.stringValue, now: now))
    })
}
