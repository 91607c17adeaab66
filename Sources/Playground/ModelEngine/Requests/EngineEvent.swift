/// Why a sequence ended; the words of vLLM's `finished_reason`.
public enum FinishReason: String, Sendable, CaseIterable {
  /// The answer ended by itself.
  case stop
  /// It reached the most tokens that it may have.
  case length
  /// The caller cancelled it.
  case abort
  /// The engine failed.
  case error
  /// vLLM's word for an answer that repeats itself without end; no simulated one does.
  case repetition

  /// Whether the last token ended it, not the caller or a fault.
  public var isWhole: Bool { self == .stop || self == .length }
}

/// Why a request was not taken.
public enum RejectionReason: String, Sendable, CaseIterable {
  /// As many requests are open as ``EngineLimits/maxQueuedRequests`` allows.
  case queuedRequests = "max_num_queued_reqs"
  /// As many prompt tokens wait as ``EngineLimits/maxQueuedTokens`` allows.
  case queuedTokens = "max_num_queued_tokens"
  /// Prompt and answer together are longer than the context, or than the KV cache.
  case tooLong = "too_long"
  /// The engine still loads its model, and does not let requests wait for that.
  case loading
  /// The engine has failed.
  case failed
}

/// Something that happened to a sequence.
public struct EngineEvent: Sendable, Equatable {
  /// What happened.
  public enum Kind: Sendable, Equatable {
    /// It left the queue and begins to be computed; again after each preemption.
    case admitted(cachedTokens: Int)
    /// It has this many tokens now, the one just made included; 1 is its first.
    case token(count: Int)
    /// Its blocks were needed by an older one; it waits again and keeps its tokens.
    case preempted
    /// It has ended, with so many tokens. Directly after the last ``token(count:)``, at the same time.
    case finished(FinishReason, tokens: Int)
    /// It was not taken, and has thereby ended.
    case rejected(RejectionReason)
  }

  /// When.
  public var time: Nanoseconds
  /// To which sequence.
  public var id: UInt64
  /// What.
  public var kind: Kind

  /// Creates an event.
  public init(time: Nanoseconds, id: UInt64, kind: Kind) {
    self.time = time
    self.id = id
    self.kind = kind
  }

  /// Whether the sequence has ended with this: each one has exactly one such event.
  public var isEnd: Bool {
    switch kind {
    case .finished, .rejected: true
    case .admitted, .token, .preempted: false
    }
  }
}
