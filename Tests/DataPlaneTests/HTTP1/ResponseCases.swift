import DataPlane

extension CodecCase {
  /// Responses of endpoints. The connection ends behind each.
  static let responses: [CodecCase] = statusLines + responseHeads + responseLengths + responseCodings + bodiless + ends

  private static let statusLines = [
    reads(
      .firstLine, "a reason", response("HTTP/1.1 200 All is well", ["Content-Length: 0"]), "HTTP/1.1 200 length(0)"),
    reads(.firstLine, "no reason", response("HTTP/1.1 200 ", ["Content-Length: 0"]), "HTTP/1.1 200 length(0)"),
    reads(
      .firstLine, "no reason and no space", response("HTTP/1.1 200", ["Content-Length: 0"]), "HTTP/1.1 200 length(0)"),
    reads(
      .firstLine, "a reason beyond ASCII", response("HTTP/1.1 200 é\t", ["Content-Length: 0"]), "HTTP/1.1 200 length(0)"
    ),
    reads(
      .firstLine, "a status nobody knows", response("HTTP/1.1 999 X", ["Content-Length: 0"]), "HTTP/1.1 999 length(0)"),
    refuses(.firstLine, "four digits", response("HTTP/1.1 2000 OK", []), .statusLine),
    refuses(.firstLine, "two digits", response("HTTP/1.1 20 OK", []), .statusLine),
    refuses(.firstLine, "less than 100", response("HTTP/1.1 099 OK", []), .statusLine),
    refuses(.firstLine, "a sign", response("HTTP/1.1 +20 OK", []), .statusLine),
    refuses(.firstLine, "two spaces", response("HTTP/1.1  200 OK", []), .statusLine),
    refuses(.firstLine, "a tab", response("HTTP/1.1\t200 OK", []), .statusLine),
    refuses(.firstLine, "NUL in the reason", response("HTTP/1.1 200 O\u{0}K", []), .statusLine),
    refuses(.firstLine, "a request", message([]), .statusLine),
    refuses(.firstLine, "another protocol, known at the first byte", "SSH", .statusLine),
    refuses(.firstLine, "a short line", "HTTP/1.1\r\n", .statusLine),
    refuses(.emptyLine, "before the status line", "\r\n" + response(["Content-Length: 0"]), .statusLine),
    refuses(.version, "HTTP/2.0", response("HTTP/2.0 200 OK", []), .statusLine),
    refuses(.version, "small letters", response("http/1.1 200 OK", []), .statusLine),
    reads(
      .version, "a later minor version", response("HTTP/1.9 200 OK", ["Content-Length: 0"]), "HTTP/1.9 200 length(0)"),
    refuses(.lineEnd, "a line feed alone", "HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n", .lineEnd),
    refuses(.lineEnd, "a carriage return alone in the reason", response("HTTP/1.1 200 O\rK", []), .lineEnd),
    refuses(.lineEnd, "two carriage returns", response("HTTP/1.1 200 OK\r", []), .lineEnd),
  ]

  private static let responseHeads = [
    reads(
      .fieldValue, "blanks around", response(["Content-Length: 0", "A:\t b \t"]), "HTTP/1.1 200 length(0)",
      fields: "Content-Length: 0\nA: b"),
    refuses(.fieldName, "a space before the colon", response(["Content-Length : 2"], "hi"), .fieldName),
    refuses(.fieldName, "no colon", response(["A"]), .fieldName),
    refuses(.fieldValue, "NUL", response(["A: \u{0}"]), .fieldValue),
    refuses(.folding, "a value that goes on", response(["A: b", " c"]), .folding),
    refuses(
      .folding, "a line end in a value that the client would read", response(["A: b\n\nHTTP/1.1 200 OK"]), .lineEnd),
    refuses(.bound, "a head beyond it", response(["A: \(String(repeating: "a", count: 256))"]), .headTooLarge),
    refuses(.bound, "a first line beyond it", "HTTP/1.1 200 \(String(repeating: "a", count: 256))", .headTooLarge),
    refuses(.bound, "seven fields", response((0..<7).map { "A: \($0)" }), .tooManyFields),
  ]

  private static let responseLengths = [
    reads(.length, "of two", response(["Content-Length: 2"], "hi"), "HTTP/1.1 200 length(2) \"hi\""),
    waits(.length, "one of two, then the end", response(["Content-Length: 2"], "h"), "HTTP/1.1 200 length(2) \"h\""),
    refuses(.length, "2^64", response(["Content-Length: 18446744073709551616"]), .length),
    refuses(.length, "a sign", response(["Content-Length: +2"], "hi"), .length),
    refuses(
      .length, "two that are the same", response(["Content-Length: 2", "Content-Length: 2"], "hi"), .severalLengths),
    refuses(.length, "a list", response(["Content-Length: 2, 2"], "hi"), .severalLengths),
    refuses(
      .lengthBesideCoding, "both", response(["Content-Length: 2", "Transfer-Encoding: chunked"], "0\r\n\r\n"),
      .lengthBesideCoding),
    refuses(
      .lengthBesideCoding, "both, to a HEAD", response(["Content-Length: 2", "Transfer-Encoding: chunked"]),
      .lengthBesideCoding, isHead: true),
  ]

  private static func chunked(_ body: String) -> String { response(["Transfer-Encoding: chunked"], body) }

  private static let responseCodings = [
    reads(.coding, "chunks", chunked("2\r\nhi\r\n1\r\n!\r\n0\r\n\r\n"), "HTTP/1.1 200 chunked \"hi!\""),
    reads(.chunkExtension, "one", chunked("2;a=\"b\"\r\nhi\r\n0;c\r\n\r\n"), "HTTP/1.1 200 chunked \"hi\""),
    reads(.trailer, "fields, which are dropped", chunked("1\r\na\r\n0\r\nX: 1\r\n\r\n"), "HTTP/1.1 200 chunked \"a\""),
    waits(.chunkEnd, "the end before the last chunk", chunked("2\r\nhi\r\n"), "HTTP/1.1 200 chunked \"hi\""),
    waits(.trailer, "the end before the empty line", chunked("2\r\nhi\r\n0\r\n"), "HTTP/1.1 200 chunked \"hi\""),
    refuses(.coding, "another", response(["Transfer-Encoding: gzip"], "hi"), .unknownCoding),
    refuses(.coding, "a tab behind", response(["Transfer-Encoding: chunked\t"], "2\r\nhi\r\n0\r\n\r\n"), .fieldValue),
    refuses(.coding, "another before", response(["Transfer-Encoding: gzip, chunked"], "0\r\n\r\n"), .unknownCoding),
    refuses(.coding, "twice", response(["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"]), .unknownCoding),
    refuses(
      .oldVersion, "chunks", response("HTTP/1.0 200 OK", ["Transfer-Encoding: chunked"], "0\r\n\r\n"),
      .codingOfOldVersion),
    refuses(.chunkSize, "no digit", chunked("x\r\n"), .chunkSize),
    refuses(.chunkSize, "a space behind", chunked("2 \r\nhi\r\n"), .chunkSize),
    refuses(.chunkSize, "sixteen digits", chunked("0000000000000002\r\nhi\r\n"), .chunkSize),
    refuses(.chunkExtension, "a line feed alone", chunked("2;a\nhi\r\n"), .chunkExtension),
    refuses(.chunkEnd, "more data than the size", chunked("2\r\nhi!\r\n"), .chunkEnd),
    refuses(.trailer, "a length", chunked("0\r\nContent-Length: 2\r\n\r\n"), .trailer),
    refuses(.trailer, "a line feed alone", chunked("0\r\nX: 1\n\r\n"), .lineEnd),
  ]

  private static let bodiless = [
    reads(.noBody, "a HEAD, whatever the length", response(["Content-Length: 5"]), "HTTP/1.1 200 none", isHead: true),
    reads(
      .noBody, "a HEAD, whatever the coding", response(["Transfer-Encoding: chunked"]), "HTTP/1.1 200 none",
      isHead: true),
    reads(.noBody, "a HEAD without a length", response([]), "HTTP/1.1 200 none", isHead: true),
    reads(.noBody, "204", response("HTTP/1.1 204 No Content", []), "HTTP/1.1 204 none"),
    reads(
      .noBody, "204 with a length of nothing", response("HTTP/1.1 204 No Content", ["Content-Length: 0"]),
      "HTTP/1.1 204 none"),
    reads(
      .noBody, "204 with a length", response("HTTP/1.1 204 No Content", ["Content-Length: 5"]), "HTTP/1.1 204 none"
    ).closing,
    reads(
      .noBody, "204 with a coding", response("HTTP/1.1 204 No Content", ["Transfer-Encoding: chunked"]),
      "HTTP/1.1 204 none"
    ).closing,
    reads(
      .noBody, "204 with a length, to a HEAD", response("HTTP/1.1 204 No Content", ["Content-Length: 5"]),
      "HTTP/1.1 204 none", isHead: true
    ).closing,
    reads(.noBody, "304", response("HTTP/1.1 304 Not Modified", []), "HTTP/1.1 304 none"),
    reads(
      .noBody, "304 with a length", response("HTTP/1.1 304 Not Modified", ["Content-Length: 5"]), "HTTP/1.1 304 none"
    ).closing,
    reads(
      .noBody, "304 with a coding", response("HTTP/1.1 304 X", ["Transfer-Encoding: chunked"]), "HTTP/1.1 304 none"
    ).closing,
    reads(
      .noBody, "205 is framed as any other", response("HTTP/1.1 205 Reset Content", ["Content-Length: 2"], "hi"),
      "HTTP/1.1 205 length(2) \"hi\""),
    reads(
      .noBody, "205 in chunks without data",
      response("HTTP/1.1 205 Reset Content", ["Transfer-Encoding: chunked"], "0\r\n\r\n"), "HTTP/1.1 205 chunked"),
    refuses(.noBody, "a body behind 204", response("HTTP/1.1 204 No Content", ["Content-Length: 2"], "hi"), .unasked),
    refuses(.noBody, "a body behind a HEAD", response(["Content-Length: 2"], "hi"), .unasked, isHead: true),
    refuses(
      .noBody, "chunks behind 304", response("HTTP/1.1 304 X", ["Transfer-Encoding: chunked"], "0\r\n\r\n"), .unasked),
    reads(
      .interim, "100, then the response", response("HTTP/1.1 100 Continue", []) + response(["Content-Length: 0"]),
      "HTTP/1.1 100 none | HTTP/1.1 200 length(0)"),
    reads(
      .interim, "103 twice, with a length of nothing",
      response("HTTP/1.1 103 X", ["Content-Length: 0"])
        + response("HTTP/1.1 103 X", []) + response(["Content-Length: 0"]),
      "HTTP/1.1 103 none | HTTP/1.1 103 none | HTTP/1.1 200 length(0)"),
    reads(
      .interim, "one that nobody knows", response("HTTP/1.1 199 X", []) + response(["Content-Length: 0"]),
      "HTTP/1.1 199 none | HTTP/1.1 200 length(0)"),
    reads(
      .interim, "as many as may be", interims(16) + response(["Content-Length: 0"]),
      String(repeating: "HTTP/1.1 102 none | ", count: 16) + "HTTP/1.1 200 length(0)"),
    refuses(.interim, "one more", interims(17) + response(["Content-Length: 0"]), .tooManyInterims),
    refuses(
      .interim, "with a length",
      response("HTTP/1.1 103 X", ["Content-Length: 19"]) + response(["Content-Length: 0"]), .interimBody),
    refuses(
      .interim, "with a coding",
      response("HTTP/1.1 100 X", ["Transfer-Encoding: chunked"]) + response(["Content-Length: 0"]), .interimBody),
    refuses(.interim, "101", response("HTTP/1.1 101 Switching Protocols", ["Upgrade: x"]), .switchingProtocols),
    refuses(.interim, "an empty line behind 100", response("HTTP/1.1 100 X", []) + "\r\n" + response([]), .statusLine),
  ]

  private static func interims(_ count: Int) -> String {
    String(repeating: response("HTTP/1.1 102 Processing", []), count: count)
  }

  private static let ends = [
    reads(.untilClose, "neither length nor coding", response([], "all of it"), "HTTP/1.1 200 untilClose \"all of it\""),
    reads(.untilClose, "nothing", response([]), "HTTP/1.1 200 untilClose"),
    reads(
      .oldVersion, "a length", response("HTTP/1.0 200 OK", ["Content-Length: 2"], "hi"),
      "HTTP/1.0 200 length(2) \"hi\""
    ).closing,
    reads(
      .oldVersion, "a length, and the connection stays",
      response("HTTP/1.0 200 OK", ["Connection: Keep-Alive", "Content-Length: 2"], "hi"),
      "HTTP/1.0 200 length(2) \"hi\""),
    reads(
      .oldVersion, "the connection closes", response(["Connection: x, Close", "Content-Length: 0"]),
      "HTTP/1.1 200 length(0)"
    ).closing,
    reads(.untilClose, "HTTP/1.0", response("HTTP/1.0 200 OK", [], "x"), "HTTP/1.0 200 untilClose \"x\""),
    reads(
      .untilClose, "what looks like a response is body", response([], response([])),
      "HTTP/1.1 200 untilClose \"HTTP/1.1 200 OK\\r\\n\\r\\n\""),
    waits(.untilClose, "the end within a head", "HTTP/1.1 200 OK\r\nA: b\r\n"),
    refuses(.unasked, "a second response", response(["Content-Length: 0"]) + response(["Content-Length: 0"]), .unasked),
    refuses(.unasked, "a line end behind a body", response(["Content-Length: 2"], "hi\r\n"), .unasked),
    refuses(.unasked, "a byte behind chunks", chunked("0\r\n\r\nx"), .unasked),
  ]
}
