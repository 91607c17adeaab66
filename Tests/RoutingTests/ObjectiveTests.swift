import TestSupport
import Testing

@testable import Routing

/// A priority that requests name, in a header that strangers cannot set.
@Suite("Objectives") struct ObjectiveTests {
  private static let header = "x-llm-d-inference-objective"
  private static let older = "x-gateway-inference-objective"

  /// Two pools of one share each: the first has objectives and a critical model, the second nothing.
  private func fixture(_ policy: RulePolicy? = nil) throws -> RouterFixture {
    var pool = RouterFixture.pool(
      "pool", models: [Model(name: "chat", criticality: .critical, object: object("chat"))])
    pool.objectives = ["batch": Priority(rawValue: -5), "vip": Priority(rawValue: 250), "plain": .standard]
    var fixture = RouterFixture(
      pools: [pool], rules: [rule("route", backends: [RouterFixture.backend(pool)], policy: policy)])
    fixture.table.listeners[0].trustedCallers = TrustedCallers([try #require(AddressPrefix("10.0.0.0/8"))])
    return fixture
  }

  private func priority(
    _ headers: [String: String], from caller: String = "10.0.0.1", model: String? = "chat", policy: RulePolicy? = nil
  ) throws -> Int32 {
    var (fixture, asked) = (try fixture(policy), request(headers: headers, model: model))
    asked.arrival.caller = caller
    let plan = try fixture.plan(asked)
    #expect(plan.subject.priority == plan.binding.priority)
    return plan.binding.priority.rawValue
  }

  @Test(
    "a trusted caller's objective goes before the model's criticality",
    arguments: [
      ([header: "batch"], -5), ([older: "batch"], -5), ([header: "vip", older: "batch"], 250), ([header: "plain"], 0),
      ([header.uppercased(): "batch"], -5),
      // One that does not exist is as if it had not been named.
      ([header: "missing"], 100), ([header: ""], 100), ([header: "Batch"], 100),
      ([:], 100),
      ([header: "missing", older: "vip"], 100),
    ] as [([String: String], Int32)])
  func trusted(headers: [String: String], expected: Int32) throws {
    #expect(try priority(headers) == expected)
  }

  @Test("it also holds for models that nobody declares") func undeclared() throws {
    #expect(try priority([Self.header: "vip"], model: "unknown") == 250)
    #expect(try priority([Self.header: "vip"], model: nil) == 250)
    #expect(try priority([:], model: "unknown") == -100)
  }

  @Test("a stranger's is nothing", arguments: ["192.0.2.1", "11.0.0.1"]) func stranger(caller: String) throws {
    #expect(try priority([Self.header: "vip", Self.older: "vip"], from: caller) == 100)
  }

  @Test("a route's own holds for everybody, in place of what a caller says") func route() throws {
    let policy = RulePolicy(requestHeaders: HeaderChange(set: [.init("X-LLM-D-Inference-Objective", "batch")]))
    #expect(try priority([:], from: "192.0.2.1", policy: policy) == -5)
    #expect(try priority([Self.header: "vip"], from: "192.0.2.1", policy: policy) == -5)
    #expect(try priority([Self.header: "vip"], policy: policy) == -5)
    // A route can also take away what trusted callers say.
    let removal = RulePolicy(requestHeaders: HeaderChange(remove: [Self.header]))
    #expect(try priority([Self.header: "vip"], policy: removal) == 100)
  }

  @Test("it decides who is shed from a full pool") func shedding() throws {
    var fixture = try fixture()
    let loads = (1...3).map { fixture.states.state(of: endpoint($0).id) }
    for state in loads { state.update(EndpointLoad(waiting: 50, scrapedAt: 10 * RouterFixture.second)) }
    for (objective, expected) in [("batch", "shed"), ("plain", "waits"), ("vip", "sent")] {
      var asked = request(headers: [Self.header: objective], model: "chat")
      asked.arrival.caller = "10.0.0.1"
      let outcome =
        switch fixture.decide(asked) {
        case .reject(let error): error.kind == .saturated ? "shed" : "\(error)"
        case .wait: "waits"
        case .forward: "sent"
        case .respond: "answered"
        }
      #expect(outcome == expected)
    }
  }
}
