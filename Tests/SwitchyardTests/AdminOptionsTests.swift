import ArgumentParser
import Observability
import Testing

@testable import Switchyard

@Suite("What the admin server shows, and to whom")
struct AdminOptionsTests {
  private func options(_ arguments: String...) throws -> AdminOptions { try AdminOptions.parse(arguments) }

  @Test("the option comes before the environment, and without either all families of names are shown")
  func families() throws {
    let environment = ["SWITCHYARD_METRIC_NAMES": "gie"]
    #expect(try options().families(environment: [:]) == Set(MetricFamily.allCases))
    #expect(try options().families(environment: environment) == [.gie])
    #expect(
      try options("--metric-names", "llm-d,switchyard").families(environment: environment) == [.llmD, .switchyard])
  }

  @Test("an unknown family is an error that names where it came from, the value and the choices")
  func unknownFamily() throws {
    let error = #expect(throws: (any Error).self) {
      try options().families(environment: ["SWITCHYARD_METRIC_NAMES": "foo"])
    }
    let text = error.map { "\($0)" } ?? ""
    for word in ["SWITCHYARD_METRIC_NAMES", "'foo'", "llm-d, gie, switchyard"] { #expect(text.contains(word)) }
    #expect(throws: (any Error).self) { try options("--metric-names", "foo") }
    #expect(throws: (any Error).self) { try options("--metric-names", "") }
  }

  @Test("further hosts are names or addresses, nothing that can never stand in a Host header")
  func hosts() throws {
    let environment = ["SWITCHYARD_ADMIN_ALLOWED_HOSTS": "a.example, 10.0.0.1"]
    #expect(try options().hosts(environment: [:]) == [])
    #expect(try options().hosts(environment: environment) == ["a.example", "10.0.0.1"])
    #expect(
      try options(
        "--admin-allowed-host", "b.example", "--admin-allowed-host", "[::1]", "--admin-allowed-host", "fd00::1"
      )
      .hosts(environment: environment) == ["b.example", "[::1]", "fd00::1"])
    #expect(throws: (any Error).self) { try options().hosts(environment: ["SWITCHYARD_ADMIN_ALLOWED_HOSTS": "a b"]) }
    for wrong in [
      "http://a.example", "a.example:80", "[::1]:80", "fd00:80", "fd00::g", "a.example/metrics", "", "a b", "*",
    ] {
      #expect(throws: (any Error).self, "\(wrong)") { try options("--admin-allowed-host", wrong) }
    }
  }
}
