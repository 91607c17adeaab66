/// When a request is tried again: only where that is safe, a few times, with growing and jittered waits.
///
/// Safe are reads, connections that did not come about, and answers that ask for another try (429 and 503 with
/// `Retry-After`: the server did nothing). A write whose connection broke is not: it may have been carried out.
/// A server that asks for a wait gets it, or the caller gets the error, which says how long (`APIError.retryAfter`).
public struct RetryPolicy: Sendable {
  /// Tries after the first one.
  public var maximumRetries: Int
  /// The wait before the second try, doubled for each further one.
  public var baseDelay: Duration
  /// The longest wait. Where the server asks for more, the caller gets the error.
  public var maximumDelay: Duration
  /// A number from 0 up to, but without, 1.
  public var jitter: @Sendable () -> Double
  /// Waits; throws when cancelled.
  public var sleep: @Sendable (Duration) async throws -> Void

  /// Every outcome stands: for callers that try again in a way of their own, as a watch does.
  public static let never = RetryPolicy(maximumRetries: 0)

  /// A policy; chance and waiting can be replaced.
  public init(
    maximumRetries: Int = 4, baseDelay: Duration = .milliseconds(100), maximumDelay: Duration = .seconds(10),
    jitter: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) },
    sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) {
    self.maximumRetries = maximumRetries
    self.baseDelay = baseDelay
    self.maximumDelay = maximumDelay
    self.jitter = jitter
    self.sleep = sleep
  }

  /// How long to wait before the next try, or `nil` when `outcome` stands. `attempt` counts the tries made.
  func wait(after outcome: Result<APIAnswer, any Error>, method: String, attempt: Int) -> Duration? {
    guard attempt <= maximumRetries else { return nil }
    let isRead = method == "GET" || method == "HEAD"
    switch outcome {
    case .success(let answer):
      guard answer.status == 429 || (500...504).contains(answer.status) else { return nil }
      let error = APIError(code: answer.status, headers: answer.headers, body: answer.body)
      let asked = error.retryAfter
      let nothingWasDone = asked != nil && (answer.status == 429 || answer.status == 503)
      guard isRead || nothingWasDone else { return nil }
      let wait = max(asked ?? .zero, backoff(attempt))
      return wait <= maximumDelay ? wait : nil
    case .failure(let error):
      guard let error = error as? APIError else { return nil }
      switch error {
      case .transport(let cause) where cause.nothingWasSent: return backoff(attempt)
      case .transport(.connectionLost) where isRead, .timeout where isRead: return backoff(attempt)
      default: return nil
      }
    }
  }

  /// Between half of the doubled delay and all of it.
  private func backoff(_ attempt: Int) -> Duration {
    min(baseDelay * (1 << min(attempt - 1, 16)), maximumDelay) * (0.5 + jitter() / 2)
  }
}
