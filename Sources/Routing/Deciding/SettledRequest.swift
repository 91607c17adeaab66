/// A request of which something had to be taken away or believed before a rule could see it. Few have any of that: what is known
/// of them has a place of its own.
final class SettledRequest: Sendable {
  /// The head without what its sender may not say.
  let head: RequestHead
  /// The model that a trusted caller names.
  let model: String?
  /// The listener's trusted callers, where the request is of one of them.
  let callers: TrustedCallers?

  init(_ head: RequestHead, from caller: String?, _ callers: TrustedCallers) {
    let isTrusted = callers.contains(caller)
    var head = head
    model = head.block.settleClaims(isTrusted: isTrusted)
    self.head = head
    self.callers = isTrusted ? callers : nil
  }
}
