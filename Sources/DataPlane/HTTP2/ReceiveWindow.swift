/// How much a peer may send, as flow control of HTTP/2 has it: what is held here is not given back until it is taken.
struct ReceiveWindow: Equatable {
  /// What the peer may have on its way at most.
  let target: Int
  /// What it may still send, as both sides know it.
  private var left: Int
  private var held = 0

  init(target: Int, left: Int) {
    self.target = target
    self.left = left
  }

  /// The peer may send so much, as its last frame has left it. Returns by how much to open the window.
  mutating func changed(to left: Int) -> Int? {
    self.left = left
    return open()
  }

  /// Bytes have come that nobody takes yet.
  mutating func hold(_ count: Int) { held += count }

  /// Bytes that were held are taken. Returns by how much to open the window.
  mutating func release(_ count: Int) -> Int? {
    held -= count
    return open()
  }

  /// Seldom, and then wide: a window is opened when half of it is used up.
  private mutating func open() -> Int? {
    let open = left + held
    guard open <= target / 2 else { return nil }
    left += target - open
    return target - open
  }
}
