import Foundation
import Logging
import Testing

@testable import Observability

@Suite("Log lines")
struct LoggingTests {
  @Test("Text is one line, with quoted values; line feeds from outside cannot forge a second line")
  func text() {
    let line = LogLine(
      time: "T", level: .info, label: "gateway", message: "listens\nforged",
      metadata: ["b": "two words", "a": "1", "c": "x\ny"])
    #expect(line.text == "T info gateway: listens ⏎ forged a=1 b=\"two words\" c=\"x\\ny\"")
  }

  @Test("JSON is one valid object with nested metadata")
  func json() throws {
    let line = LogLine(
      time: "T", level: .error, label: "l", message: "quote \" and \u{1}",
      metadata: ["list": ["x", "y"], "n": .stringConvertible(3)])
    #expect(!line.json.contains("\n"))
    let parsed = try #require(try JSONSerialization.jsonObject(with: Data(line.json.utf8)) as? [String: Any])
    #expect(parsed["level"] as? String == "error")
    #expect(parsed["message"] as? String == "quote \" and \u{1}")
    let metadata = try #require(parsed["metadata"] as? [String: Any])
    #expect(metadata["list"] as? [String] == ["x", "y"])
    #expect(metadata["n"] as? String == "3")
  }

  @Test("A timestamp is RFC 3339 in UTC")
  func timestamp() {
    #expect(LineLogHandler.timestamp().wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
  }
}
