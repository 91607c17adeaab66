import Synchronization

/// One request and its response, between the caller's task and libcurl's thread. All state is behind one lock.
final class CurlExchange: Sendable {
  struct Head: Sendable {
    var status: Int
    var headers: HTTPHeaders
  }

  /// When something last happened.
  struct Progress: Sendable {
    /// A byte came, or the reader caught up; before that, the start.
    var lastActivity: ContinuousClock.Instant
    /// A byte came; `nil` before the first.
    var lastByte: ContinuousClock.Instant?
    /// The network was told to wait for the reader.
    var isPaused: Bool
  }

  private struct State {
    var buffer: CurlBuffer
    var headParser = ResponseHeadParser()
    var head: Head?
    var headWaiter: CheckedContinuation<Head, any Error>?
    var bodyWaiter: CheckedContinuation<[UInt8]?, any Error>?
    var end: Result<Void, any Error>?
    var lastActivity: ContinuousClock.Instant
    var lastByte: ContinuousClock.Instant?

    mutating func byteCame() {
      let now = ContinuousClock.now
      lastActivity = now
      lastByte = now
    }
  }

  /// The moment at which an exchange has taken too long.
  struct Deadline: Sendable {
    var at: ContinuousClock.Instant
    var bound: Duration
    var isStall: Bool
  }

  let request: HTTPRequest
  private let began = ContinuousClock.now
  private let loop: CurlLoop
  private let state: Mutex<State>

  init(request: HTTPRequest, loop: CurlLoop) {
    self.request = request
    self.loop = loop
    let buffer = CurlBuffer(limit: loop.maximumBufferedBytes)
    state = Mutex(State(buffer: buffer, lastActivity: began))
  }

  // MARK: The caller's side

  func start() async throws -> Head {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let ended = state.withLock { state -> Result<Void, any Error>? in
          if state.end == nil { state.headWaiter = continuation }
          return state.end
        }
        if case .failure(let error) = ended {
          continuation.resume(throwing: error)
        } else {
          loop.submit(.start(self))
        }
      }
    } onCancel: {
      cancel()
    }
  }

  func nextChunk() async throws -> [UInt8]? {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        read(into: continuation)
      }
    } onCancel: {
      cancel()
    }
  }

  private func read(into continuation: CheckedContinuation<[UInt8]?, any Error>) {
    let (answer, resumes) = state.withLock { state -> (Result<[UInt8]?, any Error>?, Bool) in
      // A reader that gave up gets its cancellation at once, not the rest of what had come before.
      if case .failure(let error as CancellationError) = state.end { return (.failure(error), false) }
      if let chunk = state.buffer.pop() {
        let resumes = state.buffer.unpause()
        if resumes { state.lastActivity = .now }
        return (.success(chunk), resumes)
      }
      if let end = state.end { return (end.map { nil }, false) }
      state.bodyWaiter = continuation
      return (nil, false)
    }
    if resumes { loop.submit(.resume(self)) }
    if let answer { continuation.resume(with: answer) }
  }

  /// Ends the exchange from the caller's side. Harmless when it is over.
  func cancel() {
    if finish(.failure(CancellationError())) { loop.submit(.cancel(self)) }
  }

  // MARK: The side of libcurl's thread

  var isOver: Bool {
    state.withLock { $0.end != nil }
  }

  var progress: Progress {
    state.withLock { Progress(lastActivity: $0.lastActivity, lastByte: $0.lastByte, isPaused: $0.buffer.isPaused) }
  }

  /// When its time runs out; `nil` while it has no bound. A reader that is behind is no stall.
  var deadline: Deadline? {
    let whole = request.timeout.map { Deadline(at: began + $0, bound: $0, isStall: false) }
    let progress = progress
    guard let bound = request.stallTimeout, !progress.isPaused else { return whole }
    let stall = Deadline(at: progress.lastActivity + bound, bound: bound, isStall: true)
    guard let whole, whole.at < stall.at else { return stall }
    return whole
  }

  /// Takes a line of the head.
  func received(headerLine line: some Collection<UInt8>) {
    let delivery = state.withLock { state -> (CheckedContinuation<Head, any Error>, Head)? in
      state.byteCame()
      guard state.head == nil, let head = state.headParser.take(line) else { return nil }
      state.head = head
      guard let waiter = state.headWaiter.take() else { return nil }
      return (waiter, head)
    }
    if let (waiter, head) = delivery { waiter.resume(returning: head) }
  }

  /// Takes a piece of the body; `false` when the reader is behind and libcurl must offer it again later.
  func received(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let (accepted, waiter) = state.withLock { state -> (Bool, CheckedContinuation<[UInt8]?, any Error>?) in
      state.byteCame()
      if let waiter = state.bodyWaiter.take() { return (true, waiter) }
      return (state.buffer.push(bytes), nil)
    }
    waiter?.resume(returning: Array(bytes))
    return accepted
  }

  /// Ends the exchange. Returns whether it was not over before.
  @discardableResult
  func finish(_ result: Result<Void, any Error>) -> Bool {
    let waiters = state.withLock {
      state -> (CheckedContinuation<Head, any Error>?, CheckedContinuation<[UInt8]?, any Error>?)? in
      guard state.end == nil else { return nil }
      state.end = result
      return (state.headWaiter.take(), state.bodyWaiter.take())
    }
    guard let (head, body) = waiters else { return false }
    switch result {
    case .success:
      head?.resume(throwing: HTTPTransportError.connectionLost("the server sent no response"))
      body?.resume(returning: nil)
    case .failure(let error):
      head?.resume(throwing: error)
      body?.resume(throwing: error)
    }
    return true
  }
}
