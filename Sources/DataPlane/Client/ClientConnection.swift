/// A client's connection, as the event loop that ends them all sees it.
protocol ClientConnection: AnyObject {
  /// Serves what is running, then closes.
  func drain()
  /// Closes at once.
  func closeNow()
}
