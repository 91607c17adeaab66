import JSONText
import Testing

@Suite("Times in RFC 3339")
struct RFC3339TimeTests {
  @Test(
    "A text is the moment it names, whatever its offset",
    arguments: [
      ("1970-01-01T00:00:00Z", 0, 0), ("1969-12-31T23:59:59Z", -1, 0), ("2000-02-29T12:00:00Z", 951_825_600, 0),
      ("2026-11-23T06:00:00Z", 1_795_413_600, 0), ("2026-11-23t07:30:00.25+01:30", 1_795_413_600, 250_000_000),
      ("2026-11-22T22:00:00.000001-08:00", 1_795_413_600, 1000), ("2016-12-31T23:59:60Z", 1_483_228_800, 0),
      ("2026-11-23T06:00:00.1234567899z", 1_795_413_600, 123_456_789), ("0001-01-01T00:00:00Z", -62_135_596_800, 0),
    ] as [(String, Int64, Int64)])
  func parsing(text: String, seconds: Int64, nanoseconds: Int64) {
    #expect(RFC3339Time(text) == RFC3339Time(seconds: seconds, nanoseconds: nanoseconds))
  }

  @Test(
    "A text that names no moment is none",
    arguments: [
      "", "2026-11-23", "2026-11-23T06:00:00", "2026-11-23 06:00:00Z", "2026-11-23T06:00Z", "2026-02-29T00:00:00Z",
      "1900-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-10T00:00:00Z",
      "2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z",
      "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00+0100", "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00Zx",
      " 2026-01-01T00:00:00Z", "+026-01-01T00:00:00Z", "２026-01-01T00:00:00Z",
    ])
  func refusal(text: String) {
    #expect(RFC3339Time(text) == nil)
  }

  @Test("Every day from 1895 to 2410 comes back, and each is the day after the one before")
  func everyDay() {
    var last = ""
    for day in Int64(-27_394)..<160_706 {
      let time = RFC3339Time(seconds: day * 86_400)
      let text = time.text()
      if RFC3339Time(text) != time || text <= last {
        Issue.record("\(text) is not \(day) days after 1970")
        return
      }
      last = text
    }
  }

  @Test("Decimals are cut off, not rounded")
  func decimals() {
    let time = RFC3339Time(seconds: 1_795_413_600, nanoseconds: 7_999_999)
    #expect(time.text() == "2026-11-23T06:00:00Z")
    #expect(time.text(decimals: 3) == "2026-11-23T06:00:00.007Z")
    #expect(time.text(decimals: 6) == "2026-11-23T06:00:00.007999Z")
    #expect(RFC3339Time(secondsSince1970: 1.5).text(decimals: 3) == "1970-01-01T00:00:01.500Z")
    #expect(RFC3339Time(secondsSince1970: -0.25).text(decimals: 2) == "1969-12-31T23:59:59.75Z")
    #expect(RFC3339Time(seconds: 1, nanoseconds: 500_000_000).secondsSince1970 == 1.5)
  }

  @Test("a double is the nearest microsecond, and carries")
  func doubles() {
    #expect(
      RFC3339Time(secondsSince1970: 1_795_413_600.123) == RFC3339Time(seconds: 1_795_413_600, nanoseconds: 123_000_000))
    #expect(RFC3339Time(secondsSince1970: 9.9999996) == RFC3339Time(seconds: 10))
    #expect(RFC3339Time(secondsSince1970: -0.25) == RFC3339Time(seconds: -1, nanoseconds: 750_000_000))
  }
}
