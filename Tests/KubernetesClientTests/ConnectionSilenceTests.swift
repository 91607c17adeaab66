import Testing

@testable import KubernetesClient

/// When a request that ran out of time condemns its connection. Times are seconds.
@Suite struct ConnectionSilenceTests {
  private static let start = ContinuousClock.now
  private static let connection = CurlConnection(origin: "https://a:1", localPort: 7)

  private static func at(_ seconds: Int) -> ContinuousClock.Instant { start + .seconds(seconds) }

  private static func ranOut(
    _ silence: inout ConnectionSilence, quietSince: Int, bound: Int, now: Int, others: [Int] = []
  ) -> ConnectionSilence.Verdict {
    silence.ranOut(
      on: connection, quietSince: at(quietSince), bound: .seconds(bound), now: at(now), others: others.map(at))
  }

  private struct Row {
    var quietSince: Int
    var bound = 60
    var now = 60
    var others: [Int] = []
    /// The last byte of a transfer that is over.
    var past: Int?
    var verdict: ConnectionSilence.Verdict
  }

  private static let rows = [
    Row(quietSince: 0, verdict: .dead),
    Row(quietSince: 0, others: [-30, -1], past: -5, verdict: .dead),
    Row(quietSince: 0, others: [-30, 1], verdict: .alive),
    Row(quietSince: 0, past: 1, verdict: .alive),
    Row(quietSince: 29, verdict: .dead),
    Row(quietSince: 59, verdict: .alive),
    Row(quietSince: 59, others: [10], verdict: .alive),
    // An Event that takes its five seconds while watches have nothing to tell.
    Row(quietSince: 0, bound: 5, now: 5, others: [-50], verdict: .suspect),
    Row(quietSince: 0, bound: 29, now: 29, verdict: .suspect),
    Row(quietSince: 0, bound: 30, now: 30, verdict: .dead),
    Row(quietSince: 0, bound: 150, now: 150, others: [-1], verdict: .dead),
  ]

  @Test(arguments: rows.indices)
  func verdict(index: Int) {
    let row = Self.rows[index]
    var silence = ConnectionSilence()
    if let past = row.past {
      silence.transferEnded(on: Self.connection, lastByte: Self.at(past), isLast: false)
      silence.transferEnded(on: Self.connection, lastByte: Self.at(past - 100), isLast: false)
    }
    let verdict = Self.ranOut(
      &silence, quietSince: row.quietSince, bound: row.bound, now: row.now, others: row.others)
    #expect(verdict == row.verdict)
  }

  @Test func manyShortRequestsInARowCondemnAConnectionOnlyAfterMoreThanTheSilenceOfAWatch() {
    var silence = ConnectionSilence()
    for end in stride(from: 5, to: 90, by: 5) {
      #expect(Self.ranOut(&silence, quietSince: end - 5, bound: 5, now: end, others: [-50]) == .suspect, "\(end)")
    }
    #expect(Self.ranOut(&silence, quietSince: 85, bound: 5, now: 90, others: [-50]) == .dead)
  }

  @Test func aByteEndsASuspicion() {
    var silence = ConnectionSilence()
    #expect(Self.ranOut(&silence, quietSince: 0, bound: 5, now: 5) == .suspect)
    #expect(Self.ranOut(&silence, quietSince: 86, bound: 5, now: 91, others: [60]) == .suspect)
    #expect(Self.ranOut(&silence, quietSince: 171, bound: 5, now: 176, others: [60]) == .dead)
    #expect(Self.ranOut(&silence, quietSince: 171, bound: 5, now: 176, others: [172]) == .alive)
    #expect(Self.ranOut(&silence, quietSince: 176, bound: 5, now: 181, others: [172]) == .suspect)
  }

  @Test func anotherConnectionsBytesProveNothingAndAnEmptyConnectionIsForgotten() {
    var silence = ConnectionSilence()
    let other = CurlConnection(origin: "https://a:1", localPort: 8)
    silence.transferEnded(on: other, lastByte: Self.at(50), isLast: false)
    #expect(Self.ranOut(&silence, quietSince: 0, bound: 60, now: 60) == .dead)
    #expect(silence.count == 2)
    silence.transferEnded(on: other, lastByte: Self.at(55), isLast: true)
    silence.transferEnded(on: Self.connection, lastByte: nil, isLast: true)
    #expect(silence.count == 0)
  }

  @Test(arguments: [
    ("https://a:1/api?x=//y", "https://a:1"), ("http://[::1]:8080", "http://[::1]:8080"), ("https://a/", "https://a"),
  ])
  func theOriginIsTheURLUpToItsPath(url: String, origin: String) {
    #expect(HTTPRequest(url: url).origin == origin)
  }
}
