package import TestSupport

/// Makes messages that are nearly right out of messages that are right, the same ones for a seed.
package struct MessageMutator {
  private var draws: SeededGenerator
  private let words: [[UInt8]]
  private let lines: [[UInt8]]
  /// The message as it is now.
  package private(set) var bytes: [UInt8] = []

  /// - Parameters:
  ///   - words: what is put in anywhere, and `lines` what is put in behind a line end; by default those of HTTP/1.
  package init(_ draws: SeededGenerator, words: [String]? = nil, lines: [String]? = nil) {
    self.draws = draws
    self.words = words.map { $0.map { Array($0.utf8) } } ?? Self.words
    self.lines = lines.map { $0.map { Array($0.utf8) } } ?? Self.lines
  }

  /// Begins anew.
  package mutating func restart(_ draws: SeededGenerator) { self.draws = draws }

  /// A number from zero up to below the bound.
  package mutating func below(_ bound: Int) -> Int { bound <= 1 ? 0 : Int(draws.next() >> 33) % bound }

  /// Takes one of the messages and changes it in up to four places.
  package mutating func make(from messages: [[UInt8]]) {
    bytes.removeAll(keepingCapacity: true)
    bytes.append(contentsOf: messages[below(messages.count)])
    for _ in 0..<below(5) { change(messages) }
  }

  private mutating func change(_ messages: [[UInt8]]) {
    guard !bytes.isEmpty else { return }
    let place = below(bytes.count)
    switch below(10) {
    case 0: bytes[place] = Self.odd[below(Self.odd.count)]
    case 1: bytes[place] ^= 1 << UInt8(below(8))
    case 2: bytes.insert(Self.odd[below(Self.odd.count)], at: place)
    case 3: bytes.remove(at: place)
    case 4, 5: bytes.insert(contentsOf: words[below(words.count)], at: place)
    case 6: insertLine(lines[below(lines.count)])
    case 7: bytes.removeSubrange(place..<min(bytes.count, place + 1 + below(12)))
    case 8: repeatPart(from: place)
    default:
      let other = messages[below(messages.count)]
      bytes.replaceSubrange(place..., with: other[below(other.count)...])
    }
  }

  /// Behind one of the first line ends.
  private mutating func insertLine(_ line: [UInt8]) {
    var ends = below(4)
    for place in bytes.indices where bytes[place] == 0x0A {
      if ends == 0 { return bytes.insert(contentsOf: line, at: place + 1) }
      ends -= 1
    }
  }

  private mutating func repeatPart(from place: Int) {
    let part = Array(bytes[place..<min(bytes.count, place + 1 + below(24))])
    bytes.insert(contentsOf: part, at: below(bytes.count))
  }

  private static let odd = [UInt8](
    [0, 9, 10, 11, 12, 13, 31, 32, 127, 128, 255] + Array("\":;,=\\/#?%0123456789abcdefxXAZ_-+()<>[]{}@".utf8))

  private static let words = [
    "\r\n", "\r\n\r\n", "\n", "\r", "\r\n ", "\r\n\t", " ", "\t", ":", ": ", " :", ";", ",", "0", "00", "0\r\n\r\n",
    "5\r\n",
    "1\r\na\r\n", "0x5", "+5", "-1", "FFFFFFFFFFFFFFFF", "7fffffffffffffff", "18446744073709551616",
    "9223372036854775808",
    "chunked", "Chunked", "identity", "gzip, chunked", "HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/0.9", "http/1.1",
    " HTTP/1.1\r\n",
    ";a=b", ";a=\"b;c\"", ";a=\"\\\"\"", "GET ", "HEAD ", "POST ", "CONNECT ", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "http://a/", "*",
    "close", "keep-alive", "upgrade", "\u{0}", "é", "101", "100", "204", "304", "1000", "Content-Length",
    "Transfer-Encoding",
  ].map { Array($0.utf8) }

  private static let lines = [
    "Content-Length: 5\r\n", "Content-Length: 0\r\n", "Content-Length: 5, 5\r\n", "content-length:5\r\n",
    "Content-Length: 05\r\n",
    "Content-Length : 5\r\n", "Content-Length: 5 5\r\n", "Content-Length:\r\n",
    "Content-Length: 99999999999999999999\r\n",
    "Transfer-Encoding: chunked\r\n", "transfer-encoding:\tchunked \r\n", "Transfer-Encoding: \r\n",
    "Transfer-Encoding: xchunked\r\n",
    "Transfer-Encoding: chunked, chunked\r\n", "Transfer-Encoding: identity\r\n", "Transfer-Encoding: gzip\r\n",
    "Transfer-Encoding:\u{b}chunked\r\n", "Transfer_Encoding: chunked\r\n", "Transfer-Encoding : chunked\r\n",
    "Host: y\r\n",
    "Connection: close\r\n", "Connection: keep-alive\r\n", "Connection: upgrade\r\nUpgrade: x\r\n", "Trailer: x\r\n",
    "X:\r\n", "X: a\r\n b\r\n",
    ": a\r\n", "X\r\n", " X: a\r\n", "X: a\n", "X: a\rb\r\n", "X: \u{0}\r\n", "X: \t a \t \r\n", "\r\n",
    "HTTP/1.1 200 OK\r\n", "GET / HTTP/1.1\r\n",
  ].map { Array($0.utf8) }
}
