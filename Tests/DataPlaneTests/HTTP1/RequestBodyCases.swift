import DataPlane

extension CodecCase {
  private static let longest = String(repeating: "0", count: 15)

  static let sizes = [
    reads(
      .chunkSize, "small and capital digits", chunks("a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n"),
      "POST / HTTP/1.1 chunked \"01234567890123456789\""),
    reads(
      .chunkSize, "zeros before", chunks("\(longest.dropLast())2\r\nhi\r\n\(longest)\r\n\r\n"),
      "POST / HTTP/1.1 chunked \"hi\""),
    waits(.chunkSize, "the largest", chunks("fffffffffffffff\r\nhi"), "POST / HTTP/1.1 chunked \"hi\""),
    refuses(.chunkSize, "sixteen digits", chunks("1000000000000000\r\nhi"), .chunkSize),
    refuses(.chunkSize, "2^64 and two", chunks("10000000000000002\r\nhi\r\n0\r\n\r\n"), .chunkSize),
    refuses(.chunkSize, "too many zeros", chunks("0\(longest)\r\n\r\n"), .chunkSize),
    refuses(.chunkSize, "none", chunks("\r\n\r\n"), .chunkSize),
    refuses(.chunkSize, "none before an extension", chunks(";a=b\r\n"), .chunkSize),
    refuses(.chunkSize, "0x before", chunks("0x2\r\nhi\r\n0\r\n\r\n"), .chunkSize),
    refuses(.chunkSize, "a plus sign", chunks("+2\r\nhi\r\n0\r\n\r\n"), .chunkSize),
    refuses(.chunkSize, "a minus sign", chunks("-2\r\n"), .chunkSize),
    refuses(.chunkSize, "a space before", chunks(" 2\r\nhi\r\n0\r\n\r\n"), .chunkSize),
    refuses(.chunkSize, "a space behind", chunks("2 \r\nhi\r\n0\r\n\r\n"), .chunkSize),
    refuses(.chunkSize, "a tab behind", chunks("2\t\r\nhi\r\n0\r\n\r\n"), .chunkSize),
    refuses(.chunkSize, "no digit", chunks("g\r\n"), .chunkSize),
    refuses(.chunkSize, "a line feed alone", chunks("2\nhi\r\n0\r\n\r\n"), .chunkSize),
    refuses(.chunkSize, "a carriage return alone", chunks("2\rhi\r\n0\r\n\r\n"), .lineEnd),
    refuses(.chunkSize, "two carriage returns", chunks("2\r\r\nhi\r\n"), .lineEnd),
    refuses(.chunkSize, "an underscore", chunks("1_0\r\n"), .chunkSize),
  ]

  static let extensions = [
    reads(.chunkExtension, "a name", chunks("2;a\r\nhi\r\n0\r\n\r\n"), "POST / HTTP/1.1 chunked \"hi\""),
    reads(
      .chunkExtension, "a value, another", chunks("2;a=b;c\r\nhi\r\n0;d=e\r\n\r\n"), "POST / HTTP/1.1 chunked \"hi\""),
    reads(
      .chunkExtension, "a quoted value", chunks("2;a=\"; \\\"\t\"\r\nhi\r\n0\r\n\r\n"), "POST / HTTP/1.1 chunked \"hi\""
    ),
    refuses(.chunkExtension, "no name", chunks("2;\r\nhi\r\n"), .chunkExtension),
    refuses(.chunkExtension, "no value", chunks("2;a=\r\nhi\r\n"), .chunkExtension),
    refuses(.chunkExtension, "blanks around", chunks("2 ; a=b\r\nhi\r\n"), .chunkSize),
    refuses(.chunkExtension, "a blank before the name", chunks("2; a=b\r\nhi\r\n"), .chunkExtension),
    refuses(.chunkExtension, "a blank behind", chunks("2;a \r\nhi\r\n"), .chunkExtension),
    refuses(.chunkExtension, "a line feed alone", chunks("2;a\nhi\r\n0\r\n\r\n"), .chunkExtension),
    refuses(.chunkExtension, "a line feed in quotation marks", chunks("2;a=\"\n\"\r\nhi\r\n"), .chunkExtension),
    refuses(.chunkExtension, "a line end in quotation marks", chunks("2;a=\"\r\n\"\r\nhi\r\n"), .chunkExtension),
    refuses(.chunkExtension, "a line end behind a backslash", chunks("2;a=\"\\\r\n\"\r\nhi\r\n"), .chunkExtension),
    refuses(.chunkExtension, "a carriage return alone", chunks("2;a\rhi\r\n"), .lineEnd),
    refuses(.chunkExtension, "NUL", chunks("2;a=\u{0}\r\n"), .chunkExtension),
    refuses(.chunkExtension, "a byte behind a quoted value", chunks("2;a=\"b\"c\r\n"), .chunkExtension),
    reads(
      .chunkExtension, "at the bound", chunks("2;a=34567890123456\r\nhi\r\n0\r\n\r\n"), "POST / HTTP/1.1 chunked \"hi\""
    ),
    refuses(.chunkExtension, "beyond the bound", chunks("2;a=345678901234567\r\nhi\r\n"), .chunkExtension),
  ]

  static let chunkEnds = [
    reads(
      .chunkEnd, "line ends are data", chunks("4\r\n\r\n\r\n\r\n0\r\n\r\n"), "POST / HTTP/1.1 chunked \"\\r\\n\\r\\n\""),
    refuses(.chunkEnd, "more data than the size", chunks("2\r\nhi!\r\n0\r\n\r\n"), .chunkEnd),
    refuses(.chunkEnd, "less data than the size", chunks("3\r\nhi\r\n0\r\n\r\n"), .chunkEnd),
    refuses(.chunkEnd, "no line end", chunks("2\r\nhi0\r\n\r\n"), .chunkEnd),
    refuses(.chunkEnd, "a line feed alone", chunks("2\r\nhi\n0\r\n\r\n"), .chunkEnd),
    refuses(.chunkEnd, "a carriage return alone", chunks("2\r\nhi\r0\r\n\r\n"), .chunkEnd),
    waits(.chunkEnd, "no last chunk", chunks("2\r\nhi\r\n"), "POST / HTTP/1.1 chunked \"hi\""),
  ]

  static let trailers = [
    reads(
      .trailer, "fields, which are dropped", chunks("0\r\nX: 1\r\nY:\r\n\r\n"), "POST / HTTP/1.1 chunked",
      fields: "Host: x\nTransfer-Encoding: chunked"),
    waits(.trailer, "no empty line", chunks("0\r\nX: 1\r\n"), "POST / HTTP/1.1 chunked"),
    refuses(.trailer, "a length", chunks("0\r\nContent-Length: 5\r\n\r\n"), .trailer),
    refuses(.trailer, "two lengths", chunks("0\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n"), .trailer),
    refuses(.trailer, "a length that is none", chunks("0\r\nContent-Length: x\r\n\r\n"), .trailer),
    refuses(.trailer, "a coding", chunks("0\r\nTransfer-Encoding: chunked\r\n\r\n"), .trailer),
    refuses(.trailer, "a host", chunks("0\r\nHost: y\r\n\r\n"), .trailer),
    refuses(.trailer, "a connection", chunks("0\r\nConnection: close\r\n\r\n"), .trailer),
    refuses(.trailer, "a line feed alone", chunks("0\r\nX: 1\n\r\n"), .lineEnd),
    refuses(.trailer, "a line feed alone for the empty line", chunks("0\r\n\n"), .lineEnd),
    refuses(.trailer, "a carriage return alone", chunks("0\r\n\rX\r\n\r\n"), .fieldName),
    refuses(.trailer, "a name with a blank", chunks("0\r\nX : 1\r\n\r\n"), .fieldName),
    refuses(.trailer, "a value that goes on", chunks("0\r\nX: 1\r\n 2\r\n\r\n"), .folding),
    refuses(.trailer, "NUL", chunks("0\r\nX: \u{0}\r\n\r\n"), .fieldValue),
    refuses(.trailer, "too many fields", chunks("0\r\n" + String(repeating: "a:\r\n", count: 7) + "\r\n"), .trailer),
    reads(
      .trailer, "at the bound", chunks("0\r\nX: \(String(repeating: "1", count: 41))\r\n\r\n"),
      "POST / HTTP/1.1 chunked"),
    refuses(.trailer, "beyond the bound", chunks("0\r\nX: \(String(repeating: "1", count: 42))\r\n\r\n"), .trailer),
    refuses(
      .trailer, "beyond the bound without an end", chunks("0\r\nX: \(String(repeating: "1", count: 46))"), .trailer),
  ]

  static let olds = [
    reads(.oldVersion, "no body", "GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.0 none").closing,
    reads(
      .oldVersion, "a length", message("POST / HTTP/1.0", ["Content-Length: 2"], "hi"),
      "POST / HTTP/1.0 length(2) \"hi\""
    ).closing,
    reads(
      .oldVersion, "the connection stays", message("GET / HTTP/1.0", ["Connection: keep-alive"]), "GET / HTTP/1.0 none"),
    reads(
      .oldVersion, "a later version whose connection closes", message("GET / HTTP/1.1", ["Connection: close"]),
      "GET / HTTP/1.1 none"
    ).closing,
    refuses(
      .oldVersion, "chunks", message("POST / HTTP/1.0", ["Transfer-Encoding: chunked"], "0\r\n\r\n"),
      .codingOfOldVersion),
    refuses(.oldVersion, "another coding", message("POST / HTTP/1.0", ["Transfer-Encoding: x"]), .codingOfOldVersion),
  ]

  static let hosts = [
    reads(.host, "none: not the codec's to judge", "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1 none")
      .answered(400),
    reads(.host, "empty", "GET / HTTP/1.1\r\nHost:\r\n\r\n", "GET / HTTP/1.1 none").answered(400),
    reads(.host, "a port alone", "GET / HTTP/1.1\r\nHost: :80\r\n\r\n", "GET / HTTP/1.1 none").answered(400),
    reads(.host, "a port that is none", "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n", "GET / HTTP/1.1 none").answered(400),
    reads(.host, "a colon and no port", "GET / HTTP/1.1\r\nHost: a:\r\n\r\n", "GET / HTTP/1.1 none"),
    reads(.host, "an IPv6 address", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", "GET / HTTP/1.1 none"),
    reads(.host, "an IPv6 address without its end", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", "GET / HTTP/1.1 none")
      .answered(400),
    reads(.host, "an IPv6 address and more", "GET / HTTP/1.1\r\nHost: [::1]a\r\n\r\n", "GET / HTTP/1.1 none").answered(
      400),
    reads(.host, "a blank within", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "GET / HTTP/1.1 none").answered(400),
    reads(.host, "a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", "GET / HTTP/1.1 none").answered(400),
    reads(.host, "a list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", "GET / HTTP/1.1 none").answered(400),
    reads(.host, "user information", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", "GET / HTTP/1.1 none").answered(400),
    reads(.host, "beyond ASCII", "GET / HTTP/1.1\r\nHost: é\r\n\r\n", "GET / HTTP/1.1 none").answered(400),
    reads(.host, "two in HTTP/1.0", message("GET / HTTP/1.0", ["Host: y"]), "GET / HTTP/1.0 none").answered(400),
    reads(
      .forwards, "none left of OPTIONS", message("OPTIONS / HTTP/1.1", ["Max-Forwards: 0"]), "OPTIONS / HTTP/1.1 none"
    ).answered(501),
    reads(.forwards, "none left of TRACE", message("TRACE / HTTP/1.1", ["Max-Forwards: 00"]), "TRACE / HTTP/1.1 none")
      .answered(501),
    reads(.forwards, "some left", message("OPTIONS / HTTP/1.1", ["Max-Forwards: 1"]), "OPTIONS / HTTP/1.1 none"),
    reads(.forwards, "of another method", message("GET / HTTP/1.1", ["Max-Forwards: 0"]), "GET / HTTP/1.1 none"),
    reads(
      .host, "two: not the codec's to judge", message(["host: y"]), "POST / HTTP/1.1 none", fields: "Host: x\nhost: y"
    ).answered(400),
  ]

  static let bounds = [
    reads(.bound, "a head at it", head(256), "GET / HTTP/1.1 none"),
    refuses(.bound, "a head beyond it", head(257), .headTooLarge),
    refuses(
      .bound, "a head beyond it without an end", message(["A: \(String(repeating: "a", count: 256))"]).dropped(4),
      .headTooLarge),
    refuses(.bound, "a first line beyond it", "GET /\(String(repeating: "a", count: 252))", .targetTooLong),
    refuses(
      .bound, "a first line beyond it with its end", "GET /\(String(repeating: "a", count: 250)) HTTP/1.1\r\n",
      .targetTooLong),
    refuses(.bound, "a line feed alone beyond it", "GET /\(String(repeating: "a", count: 251))\n", .targetTooLong),
    reads(.bound, "six fields", message((1..<6).map { "A: \($0)" }), "POST / HTTP/1.1 none"),
    refuses(.bound, "seven fields", message((1..<7).map { "A: \($0)" }), .tooManyFields),
  ]

  static let several = [
    reads(
      .several, "one behind the other", message(["Content-Length: 2"], "hi") + message("GET /2 HTTP/1.1", []),
      "POST / HTTP/1.1 length(2) \"hi\" | GET /2 HTTP/1.1 none"),
    reads(
      .several, "one behind chunks", chunks("1\r\na\r\n0\r\nX: 1\r\n\r\n") + message("GET /2 HTTP/1.1", []),
      "POST / HTTP/1.1 chunked \"a\" | GET /2 HTTP/1.1 none"),
    reads(
      .several, "empty lines between", message("GET /1 HTTP/1.1", []) + "\r\n\r\n" + message("GET /2 HTTP/1.1", []),
      "GET /1 HTTP/1.1 none | GET /2 HTTP/1.1 none"),
    refuses(.several, "a body that has no length", message("GET / HTTP/1.1", []) + "{}", .requestLine)
      .answered(200, 400),
    refuses(.several, "more body than the length", message(["Content-Length: 2"], "hi\n"), .lineEnd)
      .answered(200, 400),
    reads(
      .handOver, "an offer to upgrade stays HTTP/1",
      message(["Connection: upgrade", "Upgrade: h2c"]) + message("GET /2 HTTP/1.1", []),
      "POST / HTTP/1.1 none | GET /2 HTTP/1.1 none"),
    reads(
      .handOver, "an expectation changes no framing", message(["Expect: 100-continue", "Content-Length: 2"], "hi"),
      "POST / HTTP/1.1 length(2) \"hi\""),
    reads(
      .expectation, "letter case does not count", message(["Expect: 100-Continue", "Content-Length: 2"], "hi"),
      "POST / HTTP/1.1 length(2) \"hi\""),
    reads(.expectation, "empty", message(["Expect:"]), "POST / HTTP/1.1 none"),
    reads(.expectation, "without a body", message(["Expect: 100-continue"]), "POST / HTTP/1.1 none"),
    reads(.expectation, "another", message(["Expect: 200-ok"]), "POST / HTTP/1.1 none").answered(417),
    reads(.expectation, "one more", message(["Expect: 100-continue, x"]), "POST / HTTP/1.1 none").answered(417),
    reads(.expectation, "in a second field", message(["Expect: 100-continue", "Expect: x"]), "POST / HTTP/1.1 none")
      .answered(417),
    reads(
      .expectation, "of HTTP/1.0, which knows none", message("GET / HTTP/1.0", ["Expect: x"]), "GET / HTTP/1.0 none"
    ).closing,
  ]

  /// A request whose head has so many bytes.
  private static func head(_ count: Int) -> String {
    let rest = message("GET / HTTP/1.1", ["A: "])
    return message("GET / HTTP/1.1", ["A: \(String(repeating: "a", count: count - rest.utf8.count))"])
  }
}

extension String {
  /// Without its last bytes.
  fileprivate func dropped(_ count: Int) -> String { String(decoding: utf8.dropLast(count), as: UTF8.self) }
}
