import NIOCore

// A client that speaks another protocol with its endpoint.
extension ClientHandler {
  /// The client's connection is gone, in order: takes in what was held back, which has no other moment.
  func endInput() {
    guard connection.phase == .tunnel else { return }
    connection.endInput()
    var step = connection.next()
    while step != .nothing {
      take(step)
      step = connection.next()
    }
    runner.perform()
  }

  /// The tunnel is over, and all that is sent to the client will be: its connection ends with that, if it has ended its side.
  func closeTunnel() {
    connection.close()
    waitToClose()
  }

  /// The client's connection broke.
  func loseTunnel() {
    runner.tell { $0.clientClosed(into: &$1) }
    runner.perform()
  }
}
