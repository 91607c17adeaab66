/// A response's body: chunks of bytes, for one reader. A reader that stops makes the sender stop.
public struct HTTPBody: AsyncSequence, Sendable {
  /// A piece of the body.
  public typealias Element = [UInt8]

  private let source: any HTTPBodySource

  /// A body that reads from `source`.
  public init(source: any HTTPBodySource) {
    self.source = source
  }

  /// A body that is already here.
  public init(_ chunks: [[UInt8]]) {
    self.init(source: CollectedBody(chunks))
  }

  /// An iterator; all iterators of one body share its position.
  public func makeAsyncIterator() -> Iterator {
    Iterator(source: source)
  }

  /// Reads chunk by chunk.
  public struct Iterator: AsyncIteratorProtocol {
    let source: any HTTPBodySource

    /// The next chunk, `nil` at the end. Throws `HTTPTransportError` or `CancellationError`.
    public mutating func next() async throws -> [UInt8]? {
      try await source.next()
    }
  }
}

/// Where a body's chunks come from.
public protocol HTTPBodySource: AnyObject, Sendable {
  /// The next chunk, `nil` at the end.
  func next() async throws -> [UInt8]?
}
