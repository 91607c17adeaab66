import Routing
import TestSupport
import Testing

@Suite("Second model scanner") struct SecondModelScannerTests {
  /// Whether a second model is found behind the first, the same wherever the rest is cut in two, and byte by byte.
  private static func hasSecond(_ text: String) throws -> Bool {
    let body = Array(text.utf8)
    var first = ModelNameScanner()
    guard case .found(_, let range) = first.scan(body) else { throw NoModel() }
    let rest = Array(body[range.upperBound...])
    let whole = scan([rest])
    for cut in rest.indices { #expect(scan([Array(rest[..<cut]), Array(rest[cut...])]) == whole, "cut at \(cut)") }
    #expect(scan(rest.map { [$0] }) == whole)
    return whole
  }

  private struct NoModel: Error {}

  private static func scan(_ pieces: [[UInt8]]) -> Bool {
    var scanner = SecondModelScanner()
    for piece in pieces { _ = piece.withUnsafeBytes { scanner.scan($0) } }
    return scanner.hasFound
  }

  @Test(
    "finds a second top-level member",
    arguments: [
      #"{"model":"a","model":"b"}"#, #"{"model":"a" , "model" : "b"}"#, #"{"model":"a","model":1}"#,
      #"{"model":"a","\u006d\u006Fd\u0065l":"b"}"#, #"{"x":1,"model":"a","y":[1,[2]],"z":{"model":[]},"model":"b"}"#,
      #"{"model":"a","t":"say \"hi\" \\","model":"b"}"#, #"{"model":"a","t":"\\\\\\\"","model":"b"}"#,
      #"{"model":"a","t":["]","}","[{"],"n":-1.5e+3,"l":null,"model":"b"}"#,
      #"{"model":"a","Model":"b"}"#, #"{"model":"a","MOD\u0045L":"b"}"#, #"{"model":"a","x":1,"mODEl":null}"#,
      #"{"model":"a","a long enough text for eight at a time":"{[]}","model":"b"}"#,
    ])
  func found(body: String) throws {
    #expect(try Self.hasSecond(body))
  }

  @Test(
    "is not misled",
    arguments: [
      #"{"model":"a"}"#, #"{"model":"model"}"#, #"{"model":"a","x":"model"}"#, #"{"model":"a","x":{"model":"b"}}"#,
      #"{"model":"a","x":[{"model":"b"},{"model":"c"}]}"#, #"{"model":"a","x":["a","model"]}"#,
      #"{"model":"a","models":1,"mode":2,"Mode1":3,"model ":4,"mo\\del":5,"mo\ndel":6,"":7}"#,
      #"{"model":"a","x":"\",\"model\":\"b"}"#, #"{"model":"a"},"model":"b""#, #"{"model":"a","\u006dode\u016c":1}"#,
      #"{"model":"a","x":"\\","model2":"b"}"#,
    ])
  func none(body: String) throws {
    #expect(try !Self.hasSecond(body))
  }

  @Test("survives any bytes") func fuzz() {
    var generator = SeededGenerator(9)
    let pieces = ["{", "}", "[", "]", ":", ",", "\"", "\\", "\"model\"", "\\u00", "model", "12", " ", "\u{1}", "é"]
    for _ in 0..<3000 {
      let count = Int.random(in: 1...12, using: &generator)
      let rest = Array((0..<count).compactMap { _ in pieces.randomElement(using: &generator) }.joined().utf8)
      let cut = Int.random(in: 0...rest.count, using: &generator)
      #expect(Self.scan([Array(rest[..<cut]), Array(rest[cut...])]) == Self.scan([rest]))
    }
  }
}
