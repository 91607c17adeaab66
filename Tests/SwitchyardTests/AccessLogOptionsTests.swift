import ArgumentParser
import Operator
import Testing

@testable import Switchyard

@Suite("Which requests the access log tells of") struct AccessLogOptionsTests {
  private func options(_ arguments: String...) throws -> AccessLogOptions { try AccessLogOptions.parse(arguments) }

  @Test("it is off by default; an option comes before its twin in the environment") func twins() throws {
    let environment = ["SWITCHYARD_ACCESS_LOG": "json", "SWITCHYARD_ACCESS_LOG_SAMPLE": "0.25"]
    #expect(try options().configuration(environment: [:]) == nil)
    #expect(try options("--access-log", "off").configuration(environment: environment) == nil)
    #expect(
      try options().configuration(environment: environment) == AccessLogConfiguration(format: .json, sample: 0.25))
    #expect(
      try options("--access-log", "text", "--access-log-sample", "1").configuration(environment: environment)
        == AccessLogConfiguration(format: .text))
  }

  @Test(
    "a mistake is told with where it came from, the value and the choices",
    arguments: [
      (["SWITCHYARD_ACCESS_LOG": "xml"], ["SWITCHYARD_ACCESS_LOG", "'xml'", "off, text or json"]),
      (["SWITCHYARD_ACCESS_LOG_SAMPLE": "2"], ["SWITCHYARD_ACCESS_LOG_SAMPLE", "2", "0 to 1"]),
      (["SWITCHYARD_ACCESS_LOG_SAMPLE": "all"], ["SWITCHYARD_ACCESS_LOG_SAMPLE", "'all'"]),
    ])
  func mistakes(_ environment: [String: String], _ words: [String]) throws {
    let error = try #require(throws: (any Error).self) { try options().configuration(environment: environment) }
    for word in words { #expect("\(error)".contains(word)) }
    #expect(throws: (any Error).self) { try options("--access-log", "yes") }
    #expect(throws: (any Error).self) { try options("--access-log-sample", "-0.1") }
    #expect(throws: (any Error).self) { try options("--access-log-sample", "nan") }
  }
}
