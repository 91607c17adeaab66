import Foundation
import TestSupport
import Testing
import Translation

/// One entry of docs/mistakes.md.
private struct Mistake {
  var title: String
  var kind: String
  var object: String
  var condition: String
  var field: String
  var value: String
  var name: String
  var message: String
}

@Suite("docs/mistakes.md")
struct MistakesPageTests {
  private let page: String
  private let mistakes: [Mistake]

  init() throws {
    page = try String(contentsOf: repository.appending(path: "docs/mistakes.md"), encoding: .utf8)
    let entry = try Regex(
      #"### (.+)\n\n(.+) `(.+)`: `(.+)`, \[case\]\(\.\./Tests/TranslationTests/Cases/(.+)\.in\.yaml\)\. "#
        + #"Field `(.+)`, value `(.+)`\.\n\n> (.+)\n"#,
      as: (Substring, Substring, Substring, Substring, Substring, Substring, Substring, Substring, Substring).self)
    mistakes = page.matches(of: entry).map { match in
      let found = match.output
      return Mistake(
        title: String(found.1), kind: String(found.2), object: String(found.3), condition: String(found.4),
        field: String(found.6), value: String(found.7), name: String(found.5), message: String(found.8))
    }
  }

  @Test("there are forty at least, each heading is one, and each case of a mistake is told of")
  func all() {
    #expect(mistakes.count >= 40)
    #expect(page.components(separatedBy: "\n### ").count - 1 == mistakes.count)
    let cases = GoldenCase.all.map(\.name).filter { $0.hasPrefix("mistake-") }
    #expect(Set(mistakes.map(\.name)) == Set(cases) && cases.count == mistakes.count)
  }

  @Test("each gives the condition and the message that the page has")
  func conditions() throws {
    let said = try GoldenCase.said.get()
    for mistake in mistakes {
      let found = (said[mistake.name] ?? []).filter {
        $0.kind == mistake.kind && $0.object == mistake.object
          && "\($0.type)=\($0.status) \($0.reason)" == mistake.condition
      }
      #expect(found.map(\.message) == [mistake.message], "\(mistake.name)")
    }
  }

  @Test("each message names the field, the value and the cure")
  func helpfulness() throws {
    let cure = try Regex(
      #"(: |, or |; |, |: or )(use|set|add|create|correct|remove|name|change|make|write|choose|give|ask|put|start|delete|wait"#
        + #"|install|take|show|percent-encode) "#)
    for mistake in mistakes {
      #expect(mistake.message.contains(mistake.field), "\(mistake.name): field \(mistake.field)")
      #expect(mistake.message.contains(mistake.value), "\(mistake.name): value \(mistake.value)")
      #expect(mistake.message.contains(cure), "\(mistake.name): a cure")
    }
  }
}
