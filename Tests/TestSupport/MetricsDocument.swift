import Foundation

/// One metric as `docs/metrics.md` lists it.
public struct DocumentedMetric: Hashable, Sendable {
  /// The name.
  public var name: String
  /// `counter`, `gauge` or `histogram`.
  public var kind: String
  /// The labels, sorted.
  public var labels: [String]
  /// Whether the page says that it may be missing from a scrape.
  public var isConditional: Bool

  /// All metrics that the page lists, in its order.
  ///
  /// A row that lists metrics begins with a name in back quotes and has a kind in its second column.
  public static func all() throws -> [DocumentedMetric] {
    let text = try String(contentsOf: repository.appending(path: "docs/metrics.md"), encoding: .utf8)
    return text.split(separator: "\n").flatMap { line -> [DocumentedMetric] in
      let columns = line.split(separator: "|", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      guard columns.count >= 7, ["counter", "gauge", "histogram"].contains(columns[2]) else { return [] }
      return quoted(columns[1]).map {
        DocumentedMetric(
          name: $0, kind: columns[2], labels: quoted(columns[3]).sorted(),
          isConditional: columns[columns.count - 2] != "–")
      }
    }
  }

  private static func quoted(_ text: String) -> [String] {
    text.split(separator: "`", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }
      .map { String($0.element) }
  }
}

/// A scrape in the Prometheus text format 0.0.4: what it has of each metric.
public struct MetricsPage {
  /// The kind that the page declares, by name.
  public private(set) var kinds: [String: String] = [:]
  /// The label names of the samples, sorted and without `le`, by name; empty where a metric has no sample.
  public private(set) var labels: [String: Set<[String]>] = [:]
  /// Sample lines, as they stand there.
  public private(set) var samples: [String] = []

  /// Reads a page.
  public init(_ text: String) {
    for line in text.split(separator: "\n").map(String.init) {
      if line.hasPrefix("# TYPE ") {
        let words = line.split(separator: " ").map(String.init)
        if words.count == 4 { kinds[words[2]] = words[3] }
      } else if !line.hasPrefix("#") {
        samples.append(line)
        let family = family(String(line.prefix { $0 != "{" && $0 != " " }))
        labels[family, default: []].insert(Self.labelNames(line))
      }
    }
  }

  private func family(_ name: String) -> String {
    for suffix in ["_bucket", "_sum", "_count"] where name.hasSuffix(suffix) {
      let family = String(name.dropLast(suffix.count))
      if kinds[family] == "histogram" { return family }
    }
    return name
  }

  /// Values in quotes may hold anything; what stands before `="` outside them is a name.
  private static func labelNames(_ line: String) -> [String] {
    var (names, name) = ([String](), "")
    var (isQuoted, isEscaped) = (false, false)
    for character in line.drop(while: { $0 != "{" }).dropFirst() {
      if isQuoted {
        if !isEscaped, character == "\"" { isQuoted = false }
        isEscaped = character == "\\" && !isEscaped
      } else if character == "\"" {
        isQuoted = true
      } else if character == "=" {
        if name != "le" { names.append(name) }
        name = ""
      } else if character == "}" {
        break
      } else if character != "," {
        name.append(character)
      }
    }
    return names.sorted()
  }
}
