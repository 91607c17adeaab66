import ArgumentParser
import ModelEngine
import Testing

@testable import Switchyard

@Suite("What a simulated model server computes with")
struct EngineOptionsTests {
  private let all = [
    "SWITCHYARD_ACCELERATOR": "H100", "SWITCHYARD_MODEL_SIZE": "8", "SWITCHYARD_MAX_MODEL_LEN": "4096",
    "SWITCHYARD_MAX_NUM_QUEUED_REQS": "7", "SWITCHYARD_STARTUP_SECONDS": "1.5", "SWITCHYARD_FAIL_AFTER": "2",
    "SWITCHYARD_FAIL_FOR": "3",
  ]

  private func engine(_ arguments: [String] = [], _ environment: [String: String] = [:]) throws -> EngineConfiguration {
    try EngineOptions.parse(arguments).configuration(environment: environment)
  }

  @Test("each option may stand in the environment, where an empty one says nothing")
  func twins() throws {
    let given = try engine([
      "--accelerator", "H100", "--model-size", "8", "--max-model-len", "4096", "--max-num-queued-reqs", "7",
      "--startup-seconds", "1.5", "--fail-after", "2", "--fail-for", "3",
    ])
    #expect(given.limits.contextLength == 4096 && given.limits.maxQueuedRequests == 7)
    #expect(given.outages == [EngineOutage(begin: 2_000_000_000, end: 5_000_000_000)])
    #expect(try engine([], all) == given)
    #expect(try engine([], all.mapValues { _ in "" }) == engine())
    #expect(try engine() != given)
  }

  @Test("the option comes before the environment")
  func precedence() throws {
    #expect(try engine(["--max-num-queued-reqs", "9"], all).limits.maxQueuedRequests == 9)
  }

  @Test(
    "a problem is told with the name of the option or the variable, and the value",
    arguments: [
      ("--accelerator", "abacus"), ("--model-size", "0.0"), ("--model-size", "9000.0"), ("--max-model-len", "1"),
      ("--max-num-queued-reqs", "0"), ("--startup-seconds", "-1.0"), ("--fail-after", "1e+16"), ("--fail-for", "3.0"),
    ])
  func problems(option: String, value: String) throws {
    let variable = "SWITCHYARD_" + option.dropFirst(2).uppercased().replacing("-", with: "_")
    let fromOption = #expect(throws: (any Error).self) { try EngineOptions.parse(["\(option)=\(value)"]) }
    let fromVariable = #expect(throws: (any Error).self) { try engine([], [variable: value]) }
    let cure = { (error: (any Error)?, name: String) in error.map { "\($0)" }?.contains(name) == true }
    #expect(cure(fromOption, option) && cure(fromVariable, variable))
    if option != "--accelerator" {
      let words = #expect(throws: (any Error).self) { try engine([], [variable: "many"]) }
      #expect(cure(words, "\(variable) 'many'"))
    }
  }

  @Test("problems with names and ports are told with their options")
  func names() {
    for (arguments, words) in [
      (["--model", "a", "--lora", "a"], "--model and --lora name 'a' twice"), (["--model", ""], "--model ''"),
      (["--model", "a", "--lora", ""], "--lora ''"), (["--model", "a", "--port", "70000"], "--port 70000"),
    ] {
      let error = #expect(throws: (any Error).self) { try ModelServerCommand.parse(arguments) }
      #expect(error.map { "\($0)" }?.contains(words) == true, "\(arguments)")
    }
  }
}
