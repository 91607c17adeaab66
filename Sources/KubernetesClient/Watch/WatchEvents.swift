public import KubernetesAPI

/// The events of one watch request, in order, for one reader. Ends when the server ends the watch.
///
/// Reading throws `APIError` when the connection breaks or stalls. What does not decode comes as an event.
public struct WatchEvents<R: Resource>: AsyncSequence, Sendable {
  /// An event.
  public typealias Element = WatchEvent<R>

  let body: HTTPBody

  /// An iterator; a second one of the same watch would cut lines.
  public func makeAsyncIterator() -> Iterator {
    Iterator(chunks: body.makeAsyncIterator())
  }

  /// Reads chunks, cuts lines, decodes each once.
  public struct Iterator: AsyncIteratorProtocol {
    private var chunks: HTTPBody.Iterator
    private var splitter = WatchLineSplitter()
    private var ready: ArraySlice<WatchLineSplitter.Output> = []

    init(chunks: HTTPBody.Iterator) {
      self.chunks = chunks
    }

    /// The next event, `nil` at the end.
    public mutating func next() async throws -> WatchEvent<R>? {
      while ready.isEmpty {
        do {
          guard let chunk = try await chunks.next() else { return nil }
          ready = splitter.push(chunk)[...]
        } catch {
          throw APIClient.apiError(error)
        }
      }
      return Self.event(ready.removeFirst())
    }

    private static func event(_ output: WatchLineSplitter.Output) -> WatchEvent<R> {
      switch output {
      case .line(let bytes):
        do {
          return try JSONCoding.decode(WatchEvent<R>.self, from: bytes)
        } catch {
          return unreadable(DecodingMessage.text(of: error))
        }
      case .oversized(let bytes):
        return unreadable("a line of \(bytes) bytes is longer than any object can be")
      }
    }

    private static func unreadable(_ reason: String) -> WatchEvent<R> {
      let report = UndecodableObject(type: R.type, key: ObjectKey(name: ""), reason: reason)
      return .undecodable(report, resourceVersion: nil)
    }
  }
}
