import Testing

@testable import ExternalProcessing

/// A picker that fails again and again is left alone, and tried by one request at a time.
@Suite struct PickerBreakerTests {
  /// A breaker and its clock, in seconds.
  private final class Picker {
    var breaker = PickerBreaker()
    var seconds: UInt64 = 100

    var admits: Bool { breaker.admits(now: seconds * 1_000_000_000) }

    func fail(times: Int = 1) { for _ in 0..<times { breaker.failed(now: seconds * 1_000_000_000) } }
  }

  @Test func whatItKnowsIsForgottenLongAfterTheLastFailure() {
    let picker = Picker()
    #expect(picker.breaker.isForgotten(now: 0))
    picker.fail(times: 3)
    picker.seconds += 299
    #expect(!picker.breaker.isForgotten(now: picker.seconds * 1_000_000_000))
    picker.seconds += 1
    #expect(picker.breaker.isForgotten(now: picker.seconds * 1_000_000_000))
  }

  @Test func itOpensAfterThreeFailuresAndTriesWithOneRequest() {
    let picker = Picker()
    picker.fail(times: 2)
    #expect(picker.admits)
    picker.fail()
    #expect(!picker.admits)
    picker.seconds += 1
    #expect(picker.admits)
    #expect(!picker.admits, "the trial is on its way")
    picker.fail()
    picker.seconds += 1
    #expect(!picker.admits)
    picker.seconds += 1
    #expect(picker.admits, "twice as long as before")
    picker.breaker.succeeded()
    #expect(picker.admits && picker.breaker == PickerBreaker())
  }

  @Test func aTrialThatNobodyHearsOfIsNotTheLast() {
    let picker = Picker()
    picker.fail(times: 3)
    for _ in 0..<3 {
      picker.seconds += 1
      #expect(picker.admits)
    }
  }

  @Test func whatWasSentBeforeItOpenedDoesNotOpenItForLonger() {
    let picker = Picker()
    picker.fail(times: 50)
    picker.seconds += 1
    #expect(picker.admits)
  }

  @Test func thePauseIsBounded() {
    let picker = Picker()
    picker.fail(times: 3)
    for _ in 0..<12 {
      picker.seconds += 31
      #expect(picker.admits)
      picker.fail()
    }
    picker.seconds += 29
    #expect(!picker.admits)
    picker.seconds += 1
    #expect(picker.admits)
  }
}
