import KubernetesAPI
import Routing
import Testing

@testable import Translation

@Suite("What rules ask for")
struct PolicyTests {
  @Test(
    "an origin has one form, as browsers write it",
    arguments: [
      ("*", "*"), ("https://a.example", "https://a.example"), ("HTTPS://A.Example:443", "https://a.example"),
      ("http://a.example:80", "http://a.example"), ("http://a.example:443", "http://a.example:443"),
      ("https://*.a.example:0443", "https://*.a.example"), ("https://*", "https://*"), ("http://*:81", "http://*:81"),
      ("http://10.0.0.1:8080", "http://10.0.0.1:8080"), ("http://localhost", "http://localhost"),
    ])
  func origin(written: String, text: String) {
    #expect(OriginPattern(written)?.text == text)
  }

  @Test(
    "what is no origin is not read",
    arguments: [
      "", "a.example", "null", "ftp://a.example", "https://", "https://a.example/", "https://a.example:", "https://a b",
      "https://a.example:0", "https://a.example:65536", "https://a.*.example", "https://*a.example",
      "https://a..example",
      "https://user@a.example", "https://a.example?x", "**", "https://-a.example",
    ])
  func noOrigin(_ written: String) {
    #expect(OriginPattern(written) == nil)
  }

  @Test(
    "a value fits into a head, or is refused",
    arguments: [
      ("a", "a"), (" a b\t", "a b"), ("a\tb", "a\tb"), ("é", "é"), ("", nil), (" \t", nil), ("a\r\nb: c", nil),
      ("a\n", nil),
      ("a\0", nil), ("a\u{7F}", nil),
    ] as [(String, String?)])
  func fieldValue(text: String, value: String?) {
    #expect(HTTPText.fieldValue(text) == value)
  }

  @Test(
    "headers of a connection or of the frame of a message are the gateway's",
    arguments: [
      ("Connection", true), ("keep-alive", true), ("Proxy-Connection", true), ("transfer-encoding", true),
      ("Content-Length", true), ("TE", true), ("Trailer", true), ("UPGRADE", true), ("HTTP2-Settings", true),
      ("expect", true), ("content-type", false), ("x-connection", false), ("authorization", false), ("date", false),
    ])
  func owned(name: String, isOwned: Bool) {
    #expect(HTTPText.belongsToConnection(name) == isOwned)
  }

  @Test(
    "a host is a name or an address, with or without a port",
    arguments: [
      ("example.com", true), ("example.com:8080", true), ("10.0.0.1:80", true), ("[fd00::1]", true),
      ("[fd00::1]:80", true),
      ("", false), ("a b", false), ("example.com:", false), ("example.com:99999", false), ("fd00::1", false),
      ("http://a", false), ("a/b", false), ("[x]", false), ("a\r\nb", false),
    ])
  func host(text: String, isOne: Bool) {
    #expect(HTTPText.isHost(text) == isOne)
  }
}
