import Foundation
import KubernetesAPI
import TestSupport
import Testing
import Translation

/// What docs/api.md says is what cases show, and leaves nothing out.
@Suite("docs/api.md")
struct APIPageTests {
  /// A row of a table: when a condition is written, and the case that shows it.
  private struct Row {
    var section: String
    var word: String
    var name: String
  }

  /// The kinds that each section tells of.
  private static let kinds = [
    "GatewayClass": ["GatewayClass"], "Gateway": ["Gateway"], "Listeners of Gateways": ["Listener"],
    "ListenerSet": ["ListenerSet"], "Listeners of ListenerSets": ["ListenerEntry"],
    "HTTPRoute, GRPCRoute and TLSRoute": ["HTTPRoute", "GRPCRoute", "TLSRoute"],
    "TCPRoute and UDPRoute": ["TCPRoute", "UDPRoute"],
    "BackendTLSPolicy": ["BackendTLSPolicy"], "InferencePool": ["InferencePool", "InferencePool v1alpha2"],
    "InferenceModel": ["InferenceModel"], "InferenceObjective": ["InferenceObjective"],
    "InferenceModelRewrite": ["InferenceModelRewrite"],
  ]

  private let rows: [Row]
  /// `TYPE REASON` of what is said never to be written, by section.
  private let never: [String: [String]]

  init() throws {
    let page = try String(contentsOf: repository.appending(path: "docs/api.md"), encoding: .utf8)
    var (rows, never): ([Row], [String: [String]]) = ([], [:])
    for part in page.components(separatedBy: "\n## ").dropFirst() {
      let section = String(part.prefix { $0 != "\n" })
      let table =
        /\| `(\w+)` \| (True|False|Unknown) \| `(\w+)` \| [^|]+ \| \[[^\]]+\]\(\.\.\/Tests\/TranslationTests\/Cases\/([^)]+)\.out\.yaml\) \|/
      rows += part.matches(of: table).map {
        Row(section: section, word: "\($0.output.1)=\($0.output.2) \($0.output.3)", name: String($0.output.4))
      }
      never[section] = part.matches(of: /\n- `(\w+)` `(\w+)`: \w/).map { "\($0.output.1) \($0.output.2)" }
    }
    (self.rows, self.never) = (rows, never)
  }

  /// `TYPE=STATUS REASON` of all that the cases say, by section.
  private func said() throws -> [String: Set<String>] {
    let all = try GoldenCase.said.get().values.joined()
    return Self.kinds.mapValues { kinds in
      Set(all.filter { kinds.contains($0.kind) }.map { "\($0.type)=\($0.status) \($0.reason)" })
    }
  }

  @Test("each row's case has the condition")
  func cases() throws {
    let said = try GoldenCase.said.get()
    #expect(rows.count > 100)
    for row in rows {
      let kinds = try #require(Self.kinds[row.section], "\(row.section)")
      let isShown = (said[row.name] ?? []).contains {
        kinds.contains($0.kind) && "\($0.type)=\($0.status) \($0.reason)" == row.word
      }
      #expect(isShown, "\(row.section): \(row.word) is not in \(row.name)")
    }
  }

  @Test("what any case says has a row")
  func nothingElse() throws {
    for (section, words) in try said() {
      let told = rows.filter { $0.section == section }.map(\.word)
      #expect(Set(told) == words && Set(told).count == told.count, "\(section)")
    }
  }

  @Test("each constant is written somewhere")
  func constants() {
    let types = Set(rows.map { String($0.word.prefix { $0 != "=" }) })
    #expect(types == Set(ConditionType.allCases.map(\.rawValue)))
    let reasons = Set(rows.compactMap { $0.word.split(separator: " ").last.map(String.init) })
    #expect(reasons == Set(ConditionReason.allCases.map(\.rawValue)))
  }

  @Test("what the specifications have and we never write is told with why, and the rest is written")
  func specified() {
    for (section, words) in SpecifiedReasons.all {
      let written = Set(
        rows.filter { $0.section == section }.map { row in
          let parts = row.word.split(whereSeparator: { "= ".contains($0) })
          return "\(parts[0]) \(parts[2])"
        })
      #expect(Set(never[section] ?? []) == Set(words).subtracting(written), "\(section)")
    }
  }
}
