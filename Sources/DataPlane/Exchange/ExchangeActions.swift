/// A queue of actions, so that an event raised while an action is carried out waits its turn. Its memory is used again once it
/// is empty.
struct ExchangeActions: Sequence {
  private var actions: [ExchangeAction] = []
  private var next = 0

  var isEmpty: Bool { next == actions.count }

  mutating func append(_ action: ExchangeAction) { actions.append(action) }

  mutating func popFirst() -> ExchangeAction? {
    guard next < actions.count else { return nil }
    let action = actions[next]
    next += 1
    if next == actions.count { removeAll() }
    return action
  }

  mutating func removeAll() {
    actions.removeAll(keepingCapacity: true)
    next = 0
  }

  func makeIterator() -> ArraySlice<ExchangeAction>.Iterator { actions[next...].makeIterator() }
}
