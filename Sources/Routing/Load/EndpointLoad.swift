/// What an endpoint said about itself when its metrics were last read.
public struct EndpointLoad: Sendable, Equatable {
  /// Requests waiting for a place in a batch.
  public var waiting: Int
  /// Requests in execution.
  public var running: Int
  /// The share of the KV cache in use, 0 to 1.
  public var kvCacheUsage: Double
  /// LoRA adapters that requests in execution use.
  public var runningAdapters: Set<String>
  /// LoRA adapters that only waiting requests use.
  public var waitingAdapters: Set<String>
  /// How many LoRA adapters fit in a batch; `nil` when the server does not say.
  public var maxAdapters: Int?
  /// Tokens in one block of the KV cache; `nil` when the server does not say.
  public var blockSize: Int?
  /// Blocks in the KV cache; `nil` when the server does not say.
  public var blockCount: Int?
  /// When this was read, in nanoseconds of a monotonic clock: the one that ``RequestRouter`` is given as `now`.
  public var scrapedAt: UInt64

  /// A load; idle unless told otherwise.
  public init(
    waiting: Int = 0, running: Int = 0, kvCacheUsage: Double = 0, runningAdapters: Set<String> = [],
    waitingAdapters: Set<String> = [], maxAdapters: Int? = nil, blockSize: Int? = nil, blockCount: Int? = nil,
    scrapedAt: UInt64 = 0
  ) {
    self.waiting = waiting
    self.running = running
    self.kvCacheUsage = kvCacheUsage
    self.runningAdapters = runningAdapters
    self.waitingAdapters = waitingAdapters
    self.maxAdapters = maxAdapters
    self.blockSize = blockSize
    self.blockCount = blockCount
    self.scrapedAt = scrapedAt
  }
}
