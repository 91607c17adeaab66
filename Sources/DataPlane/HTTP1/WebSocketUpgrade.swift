import Routing

/// The one change of protocol that passes the gateway: from HTTP/1.1 to WebSocket.
///
/// Others (`h2c`) would let a client ask an endpoint for what no rule has seen: their offers are dropped, as RFC 9110, section
/// 7.8, lets every recipient do, and the request is served as it is.
enum WebSocketUpgrade {
  /// Whether a request offers it, and its connection can be given to it: nothing but the head is of HTTP then.
  ///
  /// Source: RFC 6455, section 4.2.1.
  static func isOffered(by head: RequestHead, _ framing: BodyFraming) -> Bool {
    let block = head.block
    guard block.contains(.upgrade), block.contains(.connection), head.version == .http1_1 else { return false }
    guard framing == .none || framing == .length(0), head.isMethod("GET") else { return false }
    return block.lists("upgrade", in: .connection) && !block.lists("close", in: .connection)
      && block.lists("websocket", in: .upgrade)
  }

  /// Whether a response of status 101 takes up this offer and no other.
  static func isTaken(by block: FieldBlock) -> Bool {
    var names = 0
    block.forEachToken(of: .upgrade) { _ in names += 1 }
    return names == 1 && block.lists("websocket", in: .upgrade)
  }
}

extension FieldBlock {
  /// Whether the lists in the fields of this name have the token, which is in lower case; letter case is not significant.
  fileprivate func lists(_ token: StaticString, in known: KnownField) -> Bool {
    var isListed = false
    forEachToken(of: known) { if ASCIIBytes.isSame($0, token) { isListed = true } }
    return isListed
  }
}
