/// Cuts a watch's bytes into lines, wherever the chunks were cut.
///
/// Memory is bounded: a line longer than `limit` is dropped as it comes, and reported once it ends.
public struct WatchLineSplitter: Sendable {
  /// A line, or the report of one that was too long.
  public enum Output: Hashable, Sendable {
    /// A line without its end; never empty.
    case line([UInt8])
    /// A line of this many bytes was dropped.
    case oversized(bytes: Int)
  }

  /// The longest line, in bytes. etcd refuses objects above 1.5 MB; JSON escapes can make them a few times longer.
  public let limit: Int
  private var rest: [UInt8] = []
  private var dropped = 0

  /// A splitter for one stream.
  public init(limit: Int = 16 << 20) {
    self.limit = limit
  }

  /// How many bytes of an unfinished line are held.
  public var held: Int { rest.count }

  /// Takes a chunk and returns what it completes, in order.
  public mutating func push(_ chunk: [UInt8]) -> [Output] {
    var outputs: [Output] = []
    var start = chunk.startIndex
    while let end = chunk[start...].firstIndex(of: UInt8(ascii: "\n")) {
      take(chunk[start..<end])
      finishLine(into: &outputs)
      start = end + 1
    }
    take(chunk[start...])
    return outputs
  }

  private mutating func take(_ bytes: ArraySlice<UInt8>) {
    if dropped > 0 || rest.count + bytes.count > limit {
      dropped += rest.count + bytes.count
      rest = []
    } else {
      rest.append(contentsOf: bytes)
    }
  }

  private mutating func finishLine(into outputs: inout [Output]) {
    if dropped > 0 {
      outputs.append(.oversized(bytes: dropped))
    } else {
      if rest.last == UInt8(ascii: "\r") { rest.removeLast() }
      if !rest.isEmpty { outputs.append(.line(rest)) }
    }
    rest = []
    dropped = 0
  }
}
