import DataPlane

extension CodecCase {
  /// Requests of clients.
  static let requests: [CodecCase] =
    firstLines + targets + versions + lineEnds + fieldNames + fieldValues + lengths + codings + bothLengths + sizes
    + extensions + chunkEnds + trailers + olds + hosts + bounds + several

  private static let firstLines = [
    reads(.firstLine, "a method is any token", message("M-SEARCH /x HTTP/1.1", []), "M-SEARCH /x HTTP/1.1 none"),
    reads(.firstLine, "letter case of a method stays", message("get / HTTP/1.1", []), "get / HTTP/1.1 none"),
    refuses(.firstLine, "two spaces before the target", message("GET  / HTTP/1.1", []), .requestLine),
    refuses(.firstLine, "two spaces before the version", message("GET /  HTTP/1.1", []), .requestLine),
    refuses(.firstLine, "a space behind the version", message("GET / HTTP/1.1 ", []), .requestLine),
    refuses(.firstLine, "a space before the method", message(" GET / HTTP/1.1", []), .requestLine),
    refuses(.firstLine, "a tab for a space", message("GET\t/ HTTP/1.1", []), .requestLine),
    refuses(.firstLine, "a tab before the version", message("GET /\tHTTP/1.1", []), .targetByte),
    refuses(.firstLine, "no target", message("GET HTTP/1.1", []), .requestLine),
    refuses(.firstLine, "no version, as HTTP/0.9, known at the line's end", "GET /\r\n", .requestLine),
    refuses(.firstLine, "only a method", "GET\r\n", .requestLine),
    refuses(.firstLine, "a byte that no method has", message("G@T / HTTP/1.1", []), .requestLine),
    refuses(.firstLine, "TLS, known at the first byte", "\u{16}\u{3}\u{1}", .requestLine),
    refuses(.firstLine, "a response", response([]), .requestLine),
    refuses(.firstLine, "a quoted method", message("\"GET\" / HTTP/1.1", []), .requestLine),
    waits(.firstLine, "part of a method", "GE"),
  ]

  private static let targets = [
    reads(.target, "the absolute form", message("GET http://x/a?b HTTP/1.1", []), "GET http://x/a?b HTTP/1.1 none"),
    reads(.target, "the asterisk of another method", message("GET * HTTP/1.1", []), "GET * HTTP/1.1 none").answered(
      400),
    reads(
      .target, "the form of CONNECT for another method", message("GET x:443 HTTP/1.1", []), "GET x:443 HTTP/1.1 none"
    )
    .answered(400),
    reads(.target, "no leading slash", message("GET a HTTP/1.1", []), "GET a HTTP/1.1 none").answered(400),
    reads(.target, "user information", message("GET http://u:p@x/ HTTP/1.1", []), "GET http://u:p@x/ HTTP/1.1 none")
      .answered(400),
    reads(.target, "no host in the absolute form", message("GET http:///a HTTP/1.1", []), "GET http:///a HTTP/1.1 none")
      .answered(400),
    reads(
      .target, "the absolute form without Host", "GET http://x/ HTTP/1.1\r\n\r\n", "GET http://x/ HTTP/1.1 none"
    )
    .answered(400),
    reads(.target, "the asterisk", message("OPTIONS * HTTP/1.1", []), "OPTIONS * HTTP/1.1 none"),
    reads(.target, "the form of CONNECT", message("CONNECT x:443 HTTP/1.1", []), "CONNECT x:443 HTTP/1.1 none")
      .answered(501),
    reads(.target, "percent signs stay", message("GET /%2e%2F%20 HTTP/1.1", []), "GET /%2e%2F%20 HTTP/1.1 none"),
    reads(.target, "NUL, encoded", message("GET /%00 HTTP/1.1", []), "GET /%00 HTTP/1.1 none").answered(400),
    reads(.target, "no digits behind a percent sign", message("GET /%s1 HTTP/1.1", []), "GET /%s1 HTTP/1.1 none")
      .answered(400),
    reads(.target, "one digit behind a percent sign", message("GET /%2 HTTP/1.1", []), "GET /%2 HTTP/1.1 none")
      .answered(400),
    reads(
      .target, "a percent sign in the query", message("GET /?100%&%00 HTTP/1.1", []), "GET /?100%&%00 HTTP/1.1 none"),
    refuses(.target, "NUL", message("GET /\u{0} HTTP/1.1", []), .targetByte),
    refuses(.target, "a byte beyond ASCII", message("GET /é HTTP/1.1", []), .targetByte),
    refuses(.target, "DEL", message("GET /\u{7F} HTTP/1.1", []), .targetByte),
    refuses(.target, "a fragment", message("GET /a#b HTTP/1.1", []), .targetByte),
    refuses(.target, "a blank within", message("GET /a b HTTP/1.1", []), .requestLine),
    refuses(.target, "a form feed for a space", message("GET /\u{C}HTTP/1.1", []), .targetByte),
  ]

  private static let versions = [
    reads(.version, "a later minor version", message("GET / HTTP/1.2", []), "GET / HTTP/1.2 none"),
    refuses(.version, "HTTP/2.0", message("GET / HTTP/2.0", []), .version),
    refuses(.version, "HTTP/0.9", message("GET / HTTP/0.9", []), .version),
    refuses(.version, "the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .version),
    refuses(.version, "two digits behind the dot", message("GET / HTTP/1.10", []), .requestLine),
    refuses(.version, "two digits before the dot", message("GET / HTTP/11.1", []), .requestLine),
    refuses(.version, "no minor version", message("GET / HTTP/1", []), .requestLine),
    refuses(.version, "small letters", message("GET / http/1.1", []), .requestLine),
    refuses(.version, "another protocol", message("GET / RTSP/1.0", []), .requestLine),
    refuses(.version, "a digit that is none", message("GET / HTTP/1.x", []), .requestLine),
  ]

  private static let lineEnds = [
    refuses(.lineEnd, "a line feed alone behind the first line", "GET / HTTP/1.1\nHost: x\r\n\r\n", .lineEnd),
    refuses(.lineEnd, "a line feed alone behind a field", "GET / HTTP/1.1\r\nHost: x\nA: b\r\n\r\n", .lineEnd),
    refuses(.lineEnd, "a line feed alone for the empty line", "GET / HTTP/1.1\r\nHost: x\r\n\n", .lineEnd),
    refuses(.lineEnd, "a carriage return alone in a value", message(["A: b\rC: d"]), .lineEnd),
    refuses(.lineEnd, "two carriage returns", message(["A: b\r"]), .lineEnd),
    refuses(.lineEnd, "a carriage return alone in a first line", message("GET /\r HTTP/1.1", []), .requestLine),
    refuses(
      .lineEnd, "a carriage return alone for the empty line", "GET / HTTP/1.1\r\nHost: x\r\n\rA: b\r\n\r\n", .fieldName),
    refuses(.lineEnd, "a carriage return alone before a method", "\rGET / HTTP/1.1\r\n\r\n", .lineEnd),
    refuses(.lineEnd, "a line feed before a method", "\nGET / HTTP/1.1\r\n\r\n", .lineEnd),
    reads(.emptyLine, "before a method", "\r\n\r\n" + message("GET / HTTP/1.1", []), "GET / HTTP/1.1 none"),
    refuses(.emptyLine, "a line feed behind one", "\r\n\nGET / HTTP/1.1\r\n\r\n", .lineEnd),
    waits(.emptyLine, "and nothing else", "\r\n\r\n"),
  ]

  private static let fieldNames = [
    reads(
      .fieldName, "all bytes of a token", message(["!#$%&'*+-.^_`|~09azAZ: b"]), "POST / HTTP/1.1 none",
      fields: "Host: x\n!#$%&'*+-.^_`|~09azAZ: b"),
    refuses(.fieldName, "a space before the colon", message(["Content-Length : 5"], "hello"), .fieldName),
    refuses(.fieldName, "a tab before the colon", message(["Transfer-Encoding\t: chunked"], "0\r\n\r\n"), .fieldName),
    refuses(.fieldName, "empty", message([": b"]), .fieldName),
    refuses(.fieldName, "no colon", message(["A"]), .fieldName),
    refuses(.fieldName, "a space within", message(["A B: c"]), .fieldName),
    refuses(.fieldName, "NUL", message(["A\u{0}: b"]), .fieldName),
    refuses(.fieldName, "a byte beyond ASCII", message(["é: b"]), .fieldName),
    refuses(.fieldName, "a bracket", message(["A[]: b"]), .fieldName),
    refuses(.folding, "a space before the first field", "GET / HTTP/1.1\r\n Host: x\r\n\r\n", .folding),
    refuses(.folding, "a value that goes on", message(["A: b", " c"]), .folding),
    refuses(.folding, "a value that goes on behind a tab", message(["Transfer-Encoding:", "\tchunked"]), .folding),
    refuses(.folding, "a line of blanks", message(["A: b", "  "]), .folding),
  ]

  private static let fieldValues = [
    reads(.fieldValue, "no blank", message(["A:b"]), "POST / HTTP/1.1 none", fields: "Host: x\nA: b"),
    reads(.fieldValue, "blanks around", message(["A: \t b c \t"]), "POST / HTTP/1.1 none", fields: "Host: x\nA: b c"),
    reads(.fieldValue, "empty", message(["A:", "B: \t"]), "POST / HTTP/1.1 none", fields: "Host: x\nA: \nB: "),
    reads(.fieldValue, "a tab within", message(["A: b\tc"]), "POST / HTTP/1.1 none", fields: "Host: x\nA: b\tc"),
    reads(.fieldValue, "bytes beyond ASCII", message(["A: é…"]), "POST / HTTP/1.1 none", fields: "Host: x\nA: é…"),
    reads(.fieldValue, "colons", message(["A: b: c:"]), "POST / HTTP/1.1 none", fields: "Host: x\nA: b: c:"),
    refuses(.fieldValue, "NUL", message(["A: b\u{0}c"]), .fieldValue),
    refuses(.fieldValue, "DEL", message(["A: \u{7F}"]), .fieldValue),
    refuses(.fieldValue, "a vertical tab before", message(["Transfer-Encoding: \u{B}chunked"]), .fieldValue),
    refuses(.fieldValue, "escape", message(["A: 12345678\u{1B}"]), .fieldValue),
  ]

  private static let lengths = [
    reads(.length, "of five", message(["Content-Length: 5"], "hello"), "POST / HTTP/1.1 length(5) \"hello\""),
    reads(.length, "of none", message(["Content-Length: 0"]), "POST / HTTP/1.1 length(0)"),
    reads(.length, "zeros before", message(["CONTENT-LENGTH: 0005"], "hello"), "POST / HTTP/1.1 length(5) \"hello\""),
    waits(.length, "four of five", message(["Content-Length: 5"], "hell"), "POST / HTTP/1.1 length(5) \"hell\""),
    waits(
      .length, "the largest", message(["Content-Length: 9223372036854775807"]),
      "POST / HTTP/1.1 length(9223372036854775807)"
    ).answered(413),
    refuses(.length, "2^63", message(["Content-Length: 9223372036854775808"]), .length),
    refuses(.length, "2^64 and five", message(["Content-Length: 18446744073709551621"], "hello"), .length),
    refuses(.length, "a plus sign", message(["Content-Length: +5"], "hello"), .length),
    refuses(.length, "a minus sign", message(["Content-Length: -5"]), .length),
    refuses(.length, "hexadecimal", message(["Content-Length: 0x5"], "hello"), .length),
    refuses(.length, "empty", message(["Content-Length:"]), .length),
    refuses(.length, "a space within", message(["Content-Length: 5 0"], "hello"), .length),
    refuses(.length, "a point", message(["Content-Length: 5.0"], "hello"), .length),
    refuses(.length, "a letter behind", message(["Content-Length: 5a"], "hello"), .length),
    refuses(.length, "digits beyond ASCII", message(["Content-Length: ５"], "hello"), .length),
    refuses(.length, "two that differ", message(["Content-Length: 5", "Content-Length: 0"], "hello"), .severalLengths),
    refuses(
      .length, "two that are the same", message(["Content-Length: 5", "content-length: 5"], "hello"), .severalLengths),
    refuses(.length, "a list", message(["Content-Length: 5, 5"], "hello"), .severalLengths),
    refuses(.length, "a list with nothing in it", message(["Content-Length: ,5"], "hello"), .severalLengths),
  ]

  private static let codings = [
    reads(
      .coding, "letter case does not count", message(["transfer-encoding: ChunKed"], "0\r\n\r\n"),
      "POST / HTTP/1.1 chunked"),
    reads(.coding, "blanks around", message(["Transfer-Encoding:  chunked "], "0\r\n\r\n"), "POST / HTTP/1.1 chunked"),
    refuses(.coding, "a tab before", message(["Transfer-Encoding:\tchunked"], "0\r\n\r\n"), .fieldValue),
    refuses(.coding, "a tab behind", message(["Transfer-Encoding: chunked\t"], "0\r\n\r\n"), .fieldValue),
    refuses(.length, "a tab behind", message(["Content-Length: 2 \t"], "hi"), .fieldValue),
    reads(.coding, "another name", message(["Transfer_Encoding: chunked"]), "POST / HTTP/1.1 none"),
    refuses(.coding, "another", message(["Transfer-Encoding: gzip"]), .codingOrder),
    refuses(.coding, "identity", message(["Transfer-Encoding: identity"]), .codingOrder),
    refuses(.coding, "another before", message(["Transfer-Encoding: gzip, chunked"], "0\r\n\r\n"), .unknownCoding),
    refuses(.coding, "another behind", message(["Transfer-Encoding: chunked, identity"], "0\r\n\r\n"), .codingOrder),
    refuses(.coding, "twice in one", message(["Transfer-Encoding: chunked, chunked"], "0\r\n\r\n"), .unknownCoding),
    refuses(.coding, "twice", message(["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"]), .unknownCoding),
    refuses(.coding, "and another", message(["Transfer-Encoding: chunked", "Transfer-Encoding: cow"]), .codingOrder),
    refuses(
      .coding, "another first", message(["Transfer-Encoding: cow", "Transfer-Encoding: chunked"]), .unknownCoding),
    refuses(.coding, "empty", message(["Transfer-Encoding:"]), .codingOrder),
    refuses(.coding, "quoted", message(["Transfer-Encoding: \"chunked\""]), .codingOrder),
    refuses(.coding, "with a parameter", message(["Transfer-Encoding: chunked;q=1"]), .codingOrder),
    refuses(.coding, "a letter before", message(["Transfer-Encoding: xchunked"]), .codingOrder),
    refuses(.coding, "an empty one before", message(["Transfer-Encoding: ,chunked"]), .unknownCoding),
  ]

  private static let bothLengths = [
    refuses(
      .lengthBesideCoding, "length first", message(["Content-Length: 5", "Transfer-Encoding: chunked"], "0\r\n\r\n"),
      .lengthBesideCoding),
    refuses(
      .lengthBesideCoding, "coding first", message(["Transfer-Encoding: chunked", "Content-Length: 5"], "0\r\n\r\n"),
      .lengthBesideCoding),
    refuses(
      .lengthBesideCoding, "a length of nothing", message(["Content-Length: 0", "Transfer-Encoding: chunked"]),
      .lengthBesideCoding),
    refuses(
      .lengthBesideCoding, "a coding that is unknown", message(["Content-Length: 5", "Transfer-Encoding: identity"]),
      .lengthBesideCoding),
    refuses(
      .lengthBesideCoding, "in HTTP/1.0",
      message("POST / HTTP/1.0", ["Content-Length: 5", "Transfer-Encoding: chunked"]), .lengthBesideCoding),
  ]
}
