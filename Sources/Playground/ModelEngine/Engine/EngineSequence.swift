/// A sequence inside the engine: what it has, what it holds, and when it reached what.
struct EngineSequence: Linked, Sendable {
  var previous: Int32 = -1
  var next: Int32 = -1

  var request: EngineRequest
  /// Where its adapter is in the engine's list.
  let adapter: Int
  let arrival: Nanoseconds
  /// Its place in the queue; the lowest is first.
  var order: Int
  var isRunning = false
  /// Tokens generated.
  var generated = 0
  /// Tokens whose keys and values are in the cache.
  var computed = 0
  /// Tokens that the current step computes, 0 when it has no part in it.
  var stepTokens = 0
  /// Shared blocks held, from the first block on; the private ones follow them.
  var sharedBlocks: [Int32] = []
  var privateBlocks = 0
  /// Whether its next full block can be shared: an equal one of another sequence ends that.
  var shares = true
  var firstAdmission: Nanoseconds?
  /// Times of tokens; they mean something when there are tokens.
  var firstToken: Nanoseconds = 0
  var lastToken: Nanoseconds = 0
  /// Prompt tokens that the first admission found in the cache.
  var cachedTokens = 0
  var preemptions = 0

  init(request: EngineRequest, adapter: Int, arrival: Nanoseconds, order: Int) {
    self.request = request
    self.adapter = adapter
    self.arrival = arrival
    self.order = order
  }

  /// What a free slot holds.
  static let empty = EngineSequence(
    request: EngineRequest(id: 0, promptTokens: 1, maxTokens: 1), adapter: 0, arrival: 0, order: 0)

  /// Tokens of prompt and answer so far.
  var tokens: Int { request.promptTokens + generated }
  var heldBlocks: Int { sharedBlocks.count + privateBlocks }

  /// Why it has ended, `nil` as long as it goes on.
  var endReason: FinishReason? {
    if let natural = request.answerTokens, generated >= natural { return .stop }
    return generated >= request.maxTokens ? .length : nil
  }
}

/// An adapter, or the base model: who waits for it, and whether it is on the accelerator.
struct AdapterState: Sendable {
  /// `nil` for the base model, and in a free slot.
  var id: AdapterID?
  /// Waiting sequences in the order of the queue.
  var waiting = SlotList()
  var running = 0
  var isResident = false
  /// Grows with each use.
  var lastUse = 0

  var isUnused: Bool { waiting.isEmpty && running == 0 && !isResident }
}

/// The step that is being computed.
struct EngineStep: Sendable {
  let began: Nanoseconds
  var ends: Nanoseconds
  /// Tokens that it could still take.
  var budget: Int
  var load = StepLoad()
  /// Sequences with a part in it.
  var members = 0
  /// Whether the queue is asked: not when a running sequence had to give way.
  var admits = true
}
