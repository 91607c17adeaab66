import Routing

/// How often a request may be forwarded.
///
/// Source: RFC 9110, section 7.6.2.
enum MaxForwards {
  /// How often the head may be forwarded from here on; `nil` where it does not say so, and for methods other than OPTIONS and
  /// TRACE, in which the field is an ordinary one.
  static func left(_ head: RequestHead) -> Int? {
    guard let field = head.block.first(.maxForwards), head.isMethod("OPTIONS") || head.isMethod("TRACE") else {
      return nil
    }
    return head.block.withBytes(field.value) { HTTP1Bytes.number($0) }
  }
}
