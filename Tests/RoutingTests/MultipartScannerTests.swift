import Routing
import TestSupport
import Testing

@Suite("Forms with several parts") struct MultipartScannerTests {
  typealias Result = MultipartScanner.Result

  private static func scan(_ pieces: [[UInt8]], boundary: String = "B") -> MultipartScanner {
    var scanner = MultipartScanner(boundary: Array(boundary.utf8))
    for piece in pieces { _ = piece.withUnsafeBytes { scanner.scan($0) } }
    _ = scanner.finish()
    return scanner
  }

  /// The same wherever the body is cut in two, and byte by byte.
  private static func scan(_ body: String, boundary: String = "B") -> MultipartScanner {
    let body = Array(body.utf8)
    let whole = scan([body], boundary: boundary)
    for cut in body.indices {
      let other = scan([Array(body[..<cut]), Array(body[cut...])], boundary: boundary)
      #expect(other.result == whole.result && other.hasSecondModel == whole.hasSecondModel, "cut at \(cut)")
    }
    let drip = scan(body.map { [$0] }, boundary: boundary)
    #expect(drip.result == whole.result && drip.hasSecondModel == whole.hasSecondModel)
    return whole
  }

  /// A part with this head and content, and its boundary before it.
  private static func part(_ disposition: String, _ content: String, _ more: String = "") -> String {
    "--B\r\nContent-Disposition: \(disposition)\r\n\(more)\r\n\(content)\r\n"
  }

  private static let model = part(#"form-data; name="model""#, "whisper-1")
  private static let file = part(
    #"form-data; name="file"; filename="a b;\"c\".wav""#, "RI\r\nFF\n--\r\n--A\r\r\n\r\n--",
    "Content-Type: audio/wav\r\n")

  @Test(
    "the field is found wherever it stands, and however clients write it",
    arguments: [
      (model + "--B--\r\n", "whisper-1"), (model + "--B--", "whisper-1"), (file + model + "--B--\r\n", "whisper-1"),
      (model + file + "--B--\r\n", "whisper-1"), ("preamble\r\nof two lines\r\n" + model + "--B--", "whisper-1"),
      ("\r\n" + model + "--B--\r\nepilogue\r\n--B\r\nx", "whisper-1"),
      (part("form-data; name=model", "") + "--B--", ""),
      (part("FORM-DATA ;NAME=\"model\";", "meta/Llama 3\r\n\n--") + "--B--", "meta/Llama 3\r\n\n--"),
      ("--B \t\r\ncontent-disposition:form-data; name=\"model\"; \r\n\r\né\r\n--B\t\r\n\r\n\r\n--B-- \r\n", "é"),
      (part("form-data; name=\"model\"", "m", "Content-Type: text/plain; charset=utf-8\r\n") + "--B--", "m"),
      (part("form-data; name=\"model\"", "m", "Content-Transfer-Encoding: 8bit\r\nX: y:\r\n") + "--B--", "m"),
      (part("form-data; name=\"Models\"", "x") + part("form-data; name=\"\"", "y") + model + "--B--", "whisper-1"),
      ("--B\r\n\r\nno head\r\n" + model + "--B--", "whisper-1"),
    ])
  func found(body: String, name: String) {
    let scanner = Self.scan(body)
    guard case .found(let found, let range) = scanner.result else {
      Issue.record("\(scanner.result) for \(body.debugDescription)")
      return
    }
    #expect(found == name && String(decoding: Array(body.utf8)[range], as: UTF8.self) == name)
    #expect(!scanner.hasSecondModel)
  }

  @Test("a form without the field has no model") func absent() {
    for body in [
      Self.file + "--B--\r\n", "--B--", "--B--\r\n", Self.part(#"form-data; name="Model""#, "x") + "--B--",
      Self.part(#"form-data; name="x"; title="model""#, "model") + "--B--",
      Self.part(#"form-data; filename="model""#, "x") + "--B-- \r",
    ] {
      #expect(Self.scan(body).result == .absent, "\(body.debugDescription)")
    }
  }

  @Test("a second field is seen, in any letter case and order") func second() {
    let other = Self.part(#"form-data; name="MODEL""#, "dear")
    for body in [Self.model + Self.file + Self.model, Self.model + other, other + Self.model] {
      #expect(Self.scan(body + "--B--").hasSecondModel, "\(body.debugDescription)")
    }
    #expect(!Self.scan(other + other + "--B--").hasSecondModel)
  }

  @Test("the model is known when its part has come whole") func early() {
    var scanner = MultipartScanner(boundary: [UInt8(ascii: "B")])
    let start = Array((Self.model + "--").utf8)
    #expect(start.withUnsafeBytes { scanner.scan($0) } == .needMore)
    let known = [UInt8(ascii: "B")].withUnsafeBytes { scanner.scan($0) }
    #expect(known == .found(name: "whisper-1", range: start.count - 13..<start.count - 4))
    #expect(scanner.finish() == known)
  }

  @Test(
    "what parsers read differently is refused, before the model and behind it",
    arguments: [
      ("", "no line"), ("a=b", "no line"), ("--B", "last boundary"), ("--B\r\n", "last boundary"),
      ("--B--x", "followed by other"), ("--Bx\r\n", "followed by other"), ("--B\n", "followed by other"),
      ("x\n--B\r\n", "CR LF"), ("--B\r\nX: y\n\r\n", "CR LF"), ("--B\r\nX: y\rz\r\n", "CR LF"),
      ("--B\r\nX: y\r\n z\r\n\r\n", "second line"), ("--B\r\nX\r\n\r\n", "no header"),
      ("--B\r\nX : y\r\n", "no header"),
      ("--B\r\n--B\r\n", "no header"), ("--B\r\n--x: y\r\n\r\n", "no header"), ("--B\r\nX: \u{0}\r\n", "no header"),
      (part("form-data; name=\"a", "x"), "cannot be read"), (part("form-data; name=a b", "x"), "cannot be read"),
      (part("form-data; name = model", "x"), "cannot be read"), (part("form-data; name", "x"), "cannot be read"),
      (part("form-data; name=\"a\"b", "x"), "cannot be read"), (part("form-data; name=", "x"), "cannot be read"),
      (part("form-data; name=a; name=model", "x"), "more than one name"),
      (part("form-data; name*=utf-8''model", "x"), "name*"),
      (part("form-data; name*0=mod; name*1=el", "x"), "name*"),
      (part(#"form-data; name="mod\el""#, "x"), "backslashes"),
      (part("form-data; name=a", "x", "Content-Disposition: form-data; name=model\r\n"), "more than one Content-Disp"),
      (part("attachment; name=model", "x"), "not form-data"),
      (part("form-data; name=model; filename=\"\"", "x"), "a file"),
      (part("form-data; name=model; filename*=utf-8''x", "x"), "a file"),
      (part("form-data; name=model", "bQ==", "Content-Transfer-Encoding: base64\r\n"), "Transfer-Encoding"),
      ("--B\r\nContent-Disposition: form-data; name=a\r\n\r\n--B--", "its content should begin"),
    ])
  func malformed(body: String, part: String) {
    for text in [body, body.isEmpty || !body.hasPrefix("--B\r\n") ? body : Self.model + body] {
      let scanner = Self.scan(text)
      // A form that ends too early behind its model is the model server's to refuse.
      if text != body, part == "last boundary" { continue }
      guard case .malformed(_, let reason) = scanner.result else {
        Issue.record("\(scanner.result) for \(text.debugDescription)")
        continue
      }
      #expect(reason.contains(part), "\(reason) for \(text.debugDescription)")
    }
  }

  @Test("names and heads are bounded, files are not") func limits() {
    let limit = ModelNameScanner.nameLimit
    for (length, isTaken) in [(limit, true), (limit + 1, false), (limit + 500, false)] {
      let body = Self.part("form-data; name=model", String(repeating: "x", count: length)) + "--B--"
      if case .found = Self.scan([Array(body.utf8)]).result { #expect(isTaken) } else { #expect(!isTaken) }
    }
    let broken =
      Array("--B\r\nContent-Disposition: form-data; name=model\r\n\r\n".utf8) + [0xFF] + Array("\r\n--B--".utf8)
    guard case .malformed(_, "the model name is not valid UTF-8") = Self.scan([broken]).result else {
      return #expect(Bool(false), "\(Self.scan([broken]).result)")
    }
    for (length, isTaken) in [(8000, true), (8200, false)] {
      let body = Self.part("form-data; name=model", "m", "X: \(String(repeating: "y", count: length))\r\n") + "--B--"
      let result = Self.scan([Array(body.utf8)]).result
      if case .malformed(_, "the head of a part is longer than 8192 bytes") = result {
        #expect(!isTaken)
      } else {
        #expect(isTaken)
      }
    }
    let content = String(repeating: "x\r\n-", count: 200_000)
    let large = Array(Self.part("form-data; name=f; filename=f", content).utf8)
    let rest = Array((Self.model + "--B--").utf8)
    guard case .found = Self.scan([large, rest]).result else { return #expect(Bool(false), "not found") }
  }

  @Test("agrees with a reader that has the whole body") func property() {
    var generator = SeededGenerator(31)
    let words = [
      "--B", "--B--", "--B\r\n", "\r\n", "\r\n--B\r\n", "\r\n--B--\r\n", "\n", "\r", "-", "--", "B", " ", "\t", ":",
      ";", "=", "\"",
      "\\", "Content-Disposition: form-data; name=\"model\"\r\n\r\n", "Content-Disposition: form-data; name=model\r\n",
      "content-disposition:form-data;name=\"Model\"\r\n\r\n", "; filename=\"a\"",
      "Content-Transfer-Encoding: base64\r\n",
      "X: y\r\n", "\r\n\r\n", "model", "m", "\u{0}", "é", "name*=x",
      "Content-Disposition: form-data; name=\"file\"\r\n\r\nRIFF",
    ]
    var (found, second, faulty) = (0, 0, 0)
    for number in 0..<4000 {
      var text = ["", Self.model, Self.file, "--B\r\n"][number % 4]
      for _ in 0..<Int.random(in: 0...10, using: &generator) { text += words.randomElement(using: &generator) ?? "" }
      if number % 3 == 0 { text += "\r\n" + Self.model }
      if number % 2 == 0 { text += "\r\n--B--\r\n" }
      let body = Array(text.utf8)
      var scanner = MultipartScanner(boundary: [UInt8(ascii: "B")])
      var rest = body[...]
      while !rest.isEmpty {
        let piece = Array(rest.prefix(Int.random(in: 1...40, using: &generator)))
        rest = rest.dropFirst(piece.count)
        _ = piece.withUnsafeBytes { scanner.scan($0) }
      }
      let result = scanner.finish()
      let reference = ReferenceForm(body, boundary: "B")
      #expect(scanner.hasSecondModel == reference.hasSecond, "\(text.debugDescription)")
      if reference.hasSecond {
        second += 1
      } else if let model = reference.model, !reference.isFaulty {
        found += 1
        #expect(result == .found(name: model.name, range: model.range), "\(text.debugDescription)")
      } else if !reference.isFaulty {
        #expect(result == .absent, "\(text.debugDescription)")
      } else {
        faulty += 1
        switch result {
        case .malformed: break
        // The form ends too early behind its model.
        case .found(let name, let range):
          #expect(reference.model?.name == name && reference.model?.range == range, "\(text.debugDescription)")
        default: Issue.record("\(result) for \(text.debugDescription)")
        }
      }
    }
    #expect(found > 200 && second > 60 && faulty > 600, "\(found) \(second) \(faulty)")
  }
}
