import Routing
import Testing

@Suite("Priorities and what they mean for shedding") struct PriorityTests {
  @Test(
    "a number has the criticality whose rules hold for it",
    arguments: [
      (Int32.min, Criticality.sheddable), (-100, .sheddable), (-1, .sheddable), (0, .standard), (99, .standard),
      (100, .critical), (Int32.max, .critical),
    ])
  func criticality(number: Int32, criticality: Criticality) {
    #expect(Priority(rawValue: number).criticality == criticality)
  }

  @Test("a criticality keeps its meaning as a number", arguments: Criticality.allCases)
  func number(criticality: Criticality) { #expect(Priority(criticality).criticality == criticality) }

  @Test("the higher is served first") func order() {
    #expect([Priority.critical, .sheddable, .standard].sorted() == [.sheddable, .standard, .critical])
  }
}
