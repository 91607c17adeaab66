import Testing

@testable import Operator

@Suite("Series that are kept")
struct KeptSeriesTests {
  @Test("a series that was looked up before all were forgotten is not kept: it may be one that was removed")
  func generation() {
    var kept = KeptSeries<String, Int>()
    let before = kept.generation
    kept.keep(1, for: "a", from: before)
    #expect(kept["a"] == 1)
    kept.forget()
    kept.keep(1, for: "a", from: before)
    #expect(kept["a"] == nil)
    kept.keep(2, for: "a", from: kept.generation)
    #expect(kept["a"] == 2)
  }
}
