import NIOHTTP1
import Routing

/// What makes a request's head unfit to be served, before anything else is looked at. Each of these closes the
/// connection: where the head is in doubt, so is what follows it.
enum HeadCheck {
  /// What is wrong with the head, as the client sent it.
  static func fault(of head: HTTPRequestHead) -> GatewayError? {
    if head.method == .CONNECT { return .connectMethod }
    guard let target = RequestTarget(head.uri) else { return .invalidTarget }
    let hosts = head.headers.count(of: "host")
    if hosts > 1 { return .severalHosts }
    if hosts == 0 && head.version.isHTTP11 && target == .origin { return .missingHost }
    guard head.headers.contains(name: "transfer-encoding") else { return nil }
    guard head.version.isHTTP11 else { return .codingOfOldVersion }
    return head.headers.isChunkedOnly ? nil : .unknownCoding
  }

  /// What makes the head of an endpoint's response unfit to be relayed.
  static func reason(against head: HTTPResponseHead) -> String? {
    if head.status.code < 200 { return "it answered \(head.status.code), which nobody asked for" }
    if head.headers.contains(name: "transfer-encoding") && !head.headers.isChunkedOnly {
      return "it used a transfer coding that is not chunked"
    }
    return nil
  }
}

extension HTTPRequestHead {
  /// Whether no other request can follow on the connection: the client said so, or an upgrade or tunnel that we do
  /// not take up makes what follows something other than HTTP.
  var endsConnection: Bool { !isKeepAlive || method == .CONNECT || headers.contains(name: "upgrade") }
}

extension HTTPHeaders {
  /// How many fields have the name.
  func count(of name: String) -> Int {
    var count = 0
    for field in self where ASCIIText.isSame(field.name, name) { count += 1 }
    return count
  }

  /// Whether the transfer codings are `chunked` and nothing else.
  var isChunkedOnly: Bool {
    let codings = self[canonicalForm: "transfer-encoding"]
    return codings.count == 1 && ASCIIText.isSame(codings[0], "chunked")
  }
}
