import Testing

@testable import KubernetesClient

/// When a request that ran out of time condemns its connection. Times are seconds; the request had 60.
@Suite struct ConnectionSilenceTests {
  private static let start = ContinuousClock.now
  private static let connection = CurlConnection(origin: "https://a:1", localPort: 7)

  private static func at(_ seconds: Int) -> ContinuousClock.Instant { start + .seconds(seconds) }

  /// Each row: the request's last activity, when its time ran out, the last bytes of others on the connection, the last
  /// byte of one that is over, and whether the connection counts as dead.
  private static let rows: [(quietSince: Int, now: Int, others: [Int], past: Int?, isSilent: Bool)] = [
    (0, 60, [], nil, true),
    (0, 60, [-30, -1], -5, true),
    (0, 60, [-30, 1], nil, false),
    (0, 60, [], 1, false),
    (29, 60, [], nil, true),
    (59, 60, [], nil, false),
    (59, 60, [10], nil, false),
  ]

  @Test(arguments: rows.indices)
  func verdict(index: Int) {
    let row = Self.rows[index]
    var silence = ConnectionSilence()
    if let past = row.past {
      silence.transferEnded(on: Self.connection, lastByte: Self.at(past), isLast: false)
      silence.transferEnded(on: Self.connection, lastByte: Self.at(past - 100), isLast: false)
    }
    let verdict = silence.isSilent(
      Self.connection, quietSince: Self.at(row.quietSince), bound: .seconds(60), now: Self.at(row.now),
      others: row.others.map(Self.at))
    #expect(verdict == row.isSilent)
  }

  @Test func anotherConnectionsBytesProveNothingAndAnEmptyConnectionIsForgotten() {
    var silence = ConnectionSilence()
    let other = CurlConnection(origin: "https://a:1", localPort: 8)
    silence.transferEnded(on: other, lastByte: Self.at(50), isLast: false)
    #expect(
      silence.isSilent(
        Self.connection, quietSince: Self.at(0), bound: .seconds(60), now: Self.at(60), others: []))
    #expect(silence.count == 1)
    silence.transferEnded(on: other, lastByte: Self.at(55), isLast: true)
    #expect(silence.count == 0)
  }

  @Test(arguments: [
    ("https://a:1/api?x=//y", "https://a:1"), ("http://[::1]:8080", "http://[::1]:8080"), ("https://a/", "https://a"),
  ])
  func theOriginIsTheURLUpToItsPath(url: String, origin: String) {
    #expect(HTTPRequest(url: url).origin == origin)
  }
}
