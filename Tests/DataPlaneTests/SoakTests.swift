import SoakSupport
import Testing

/// The short form of `hack/bench soak`.
@Suite(.timeLimit(.minutes(3))) struct SoakTests {
  @Test func eachRequestToServersThatFailIsAccountedFor() async throws {
    var options = SoakOptions()
    options.turns = 1500
    options.isAlone = false
    options.lanes = 32
    options.waitSeconds = 10
    let report = try await Soak.run(options)
    #expect(report.faults == [])
    for figure in report.figures where !figure.isMet {
      Issue.record("\(figure.name): \(figure.value), which may be no more than \(figure.most ?? 0)")
    }
    #expect(report.outcomes.count > 9, "what servers do must show: \(report.outcomes)")
  }
}
