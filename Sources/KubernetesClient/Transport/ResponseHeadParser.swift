/// Puts a response's head together from libcurl's header lines, passing over interim responses (1xx).
///
/// A proxy's answer to CONNECT looks like any other: libcurl must be told to keep it back.
struct ResponseHeadParser {
  private var status = 0
  private var headers = HTTPHeaders()

  /// Takes one line, its end included. Returns the head once the empty line has come.
  mutating func take(_ bytes: some Collection<UInt8>) -> CurlExchange.Head? {
    var text = Substring(String(decoding: bytes, as: UTF8.self))
    while text.unicodeScalars.last == "\r" || text.unicodeScalars.last == "\n" { text.unicodeScalars.removeLast() }
    if text.isEmpty {
      return status >= 200 ? CurlExchange.Head(status: status, headers: headers) : nil
    }
    if text.hasPrefix("HTTP/") {
      headers = HTTPHeaders()
      status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
      return nil
    }
    guard let colon = text.firstIndex(of: ":") else { return nil }
    let value = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
    headers.fields.append(.init(name: String(text[..<colon]), value: Self.trimmedEnd(value)))
    return nil
  }

  private static func trimmedEnd(_ value: Substring) -> String {
    var value = value
    while value.last == " " || value.last == "\t" { value.removeLast() }
    return String(value)
  }
}
