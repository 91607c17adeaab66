import Foundation

/// How much an operation on strings and lists will read and make, in bytes.
///
/// Values share their parts, so a value may be far larger when written out than what it takes: nothing is walked further
/// than to a limit.
enum CELCost {
  /// `left operation right`
  static func bytes(of operation: String, _ left: CELValue, _ right: CELValue, limit: Int) -> Int {
    switch (operation, left, right) {
    case ("+", .string(let left), .string(let right)): left.utf8.count + right.utf8.count
    case ("+", .list(let left), .list(let right)): (left.count + right.count) * 10
    case ("==", _, _), ("!=", _, _): min(written([left], limit: limit * 2), written([right], limit: limit * 2)) / 2
    default: 0
    }
  }

  /// `receiver.name(arguments…)`
  static func bytes(of name: String, on receiver: CELValue, _ arguments: [CELValue], limit: Int) -> Int {
    switch (name, receiver, arguments.first) {
    case ("size", _, _): return 0
    case ("replace", .string(let text), .string(let old)?):
      guard case .string(let new)? = arguments.last, !old.isEmpty else { return text.utf8.count }
      let places = text.components(separatedBy: old).count - 1
      return text.utf8.count + product(places, new.utf8.count)
    case ("split", .string(let text), .string(let separator)?):
      return text.utf8.count * (separator.isEmpty ? 10 : 1)
    case ("join", .list(let elements), let separator):
      var between = 0
      if case .string(let text)? = separator { between = product(elements.count, text.utf8.count) }
      return sum(written(elements, limit: limit), between)
    case ("sum", .list(let elements), _): return written(elements, limit: limit)
    case ("format", .string(let text), _): return sum(text.utf8.count, written(arguments, limit: limit))
    case (_, .string(let text), _): return text.utf8.count
    case (_, .list(let elements), .list(let others)?): return product(elements.count, others.count)
    default: return 0
    }
  }

  /// What values take when they are written out, as far as the limit.
  private static func written(_ values: [CELValue], limit: Int) -> Int {
    var left = limit
    for value in values { spend(value, &left) }
    return limit - max(left, -10)
  }

  private static func spend(_ value: CELValue, _ left: inout Int) {
    left -= 10
    guard left >= 0 else { return }
    switch value {
    case .string(let text): left -= text.utf8.count
    case .list(let elements), .optional(let elements): spend(elements, &left)
    case .map(let fields):
      for name in fields.keys { left -= name.utf8.count }
      spend(fields.values, &left)
    default: return
    }
  }

  private static func spend(_ values: some Sequence<CELValue>, _ left: inout Int) {
    for value in values {
      if left < 0 { return }
      spend(value, &left)
    }
  }

  private static func product(_ left: Int, _ right: Int) -> Int {
    let (value, overflow) = left.multipliedReportingOverflow(by: right)
    return overflow ? .max / 4 : min(value, .max / 4)
  }

  private static func sum(_ left: Int, _ right: Int) -> Int { min(left, .max / 4) + min(right, .max / 4) }
}
