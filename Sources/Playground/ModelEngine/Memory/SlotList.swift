/// An element that can be in one ``SlotList``.
protocol Linked {
  /// The slots beside it in its list, −1 where there is none.
  var previous: Int32 { get set }
  var next: Int32 { get set }
}

/// Elements that keep their place in an array as long as they live; places are used again.
struct SlotStore<Element: Sendable>: Sendable {
  /// Mutated in place by whoever holds a slot; free slots hold what ``remove(_:leaving:)`` left.
  var items: [Element] = []
  private var free: [Int32] = []

  var count: Int { items.count - free.count }

  mutating func insert(_ element: Element) -> Int {
    guard let slot = free.popLast() else {
      items.append(element)
      return items.count - 1
    }
    items[Int(slot)] = element
    return Int(slot)
  }

  mutating func remove(_ slot: Int, leaving empty: Element) {
    items[slot] = empty
    free.append(Int32(slot))
  }
}

/// A list through the elements of an array: adding at either end and taking out anywhere take one step.
struct SlotList: Sendable {
  private var head: Int32 = -1
  private var tail: Int32 = -1
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }
  var first: Int? { head < 0 ? nil : Int(head) }
  var last: Int? { tail < 0 ? nil : Int(tail) }

  func next<Node: Linked>(after slot: Int, in nodes: [Node]) -> Int? {
    let next = nodes[slot].next
    return next < 0 ? nil : Int(next)
  }

  mutating func append<Node: Linked>(_ slot: Int, in nodes: inout [Node]) {
    nodes[slot].previous = tail
    nodes[slot].next = -1
    if tail < 0 { head = Int32(slot) } else { nodes[Int(tail)].next = Int32(slot) }
    tail = Int32(slot)
    count += 1
  }

  mutating func prepend<Node: Linked>(_ slot: Int, in nodes: inout [Node]) {
    nodes[slot].previous = -1
    nodes[slot].next = head
    if head < 0 { tail = Int32(slot) } else { nodes[Int(head)].previous = Int32(slot) }
    head = Int32(slot)
    count += 1
  }

  mutating func remove<Node: Linked>(_ slot: Int, in nodes: inout [Node]) {
    let (previous, next) = (nodes[slot].previous, nodes[slot].next)
    if previous < 0 { head = next } else { nodes[Int(previous)].next = next }
    if next < 0 { tail = previous } else { nodes[Int(next)].previous = previous }
    count -= 1
  }
}
