/// How long things took and how large they were since the engine's start, in vLLM's buckets. Times are in seconds.
public struct EngineHistograms: Sendable, Equatable {
  /// Tokens of the prompt.
  public private(set) var promptTokensPerRequest = HistogramCounts(HistogramCounts.tokens)
  /// Tokens of the answer.
  public private(set) var generationTokensPerRequest = HistogramCounts(HistogramCounts.tokens)
  /// Tokens that came out of a step, prompts included.
  public private(set) var iterationTokens = HistogramCounts([
    1, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384,
  ])
  /// Most tokens of a request's answers.
  public private(set) var maxGenerationTokens = HistogramCounts(HistogramCounts.tokens)
  /// The parameter `n`.
  public private(set) var paramsN = HistogramCounts([1, 2, 5, 10, 20])
  /// The parameter `max_tokens`.
  public private(set) var paramsMaxTokens = HistogramCounts(HistogramCounts.tokens)
  /// From arrival to the first token.
  public private(set) var timeToFirstToken = HistogramCounts([
    0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640, 2560,
  ])
  /// From one token to the next.
  public private(set) var interTokenLatency = HistogramCounts(HistogramCounts.perToken)
  /// The same, averaged over a request.
  public private(set) var timePerOutputToken = HistogramCounts(HistogramCounts.perToken)
  /// From arrival to the last token.
  public private(set) var endToEnd = HistogramCounts(HistogramCounts.perRequest)
  /// From arrival to the first admission.
  public private(set) var queueTime = HistogramCounts(HistogramCounts.perRequest)
  /// From the first admission to the last token.
  public private(set) var inferenceTime = HistogramCounts(HistogramCounts.perRequest)
  /// From the first admission to the first token.
  public private(set) var prefillTime = HistogramCounts(HistogramCounts.perRequest)
  /// From the first token to the last.
  public private(set) var decodeTime = HistogramCounts(HistogramCounts.perRequest)
  /// How often a request gave way.
  public private(set) var preemptionsPerRequest = HistogramCounts([1, 2, 3, 4, 5, 10, 20])
  /// Prompt tokens that were not cached.
  public private(set) var prefillComputedTokens = HistogramCounts(HistogramCounts.tokens)

  /// Histograms without observations.
  public init() {}

  mutating func recordStep(tokens: Int) { iterationTokens.observe(Double(tokens)) }

  mutating func recordFirstToken(after wait: Nanoseconds) { timeToFirstToken.observe(Self.seconds(wait)) }

  mutating func recordNextToken(after wait: Nanoseconds) { interTokenLatency.observe(Self.seconds(wait)) }

  /// Counts a sequence that ended by itself.
  mutating func recordFinish(_ sequence: EngineSequence, at now: Nanoseconds) {
    let request = sequence.request
    promptTokensPerRequest.observe(Double(request.promptTokens))
    generationTokensPerRequest.observe(Double(sequence.generated))
    maxGenerationTokens.observe(Double(sequence.generated))
    paramsN.observe(Double(request.choices))
    paramsMaxTokens.observe(Double(request.maxTokens))
    preemptionsPerRequest.observe(Double(sequence.preemptions))
    prefillComputedTokens.observe(Double(request.promptTokens - sequence.cachedTokens))
    endToEnd.observe(Self.seconds(now - sequence.arrival))
    guard let admitted = sequence.firstAdmission else { return }
    queueTime.observe(Self.seconds(admitted - sequence.arrival))
    prefillTime.observe(Self.seconds(sequence.firstToken - admitted))
    decodeTime.observe(Self.seconds(now - sequence.firstToken))
    inferenceTime.observe(Self.seconds(now - admitted))
    let further = sequence.generated - 1
    timePerOutputToken.observe(further > 0 ? Self.seconds(now - sequence.firstToken) / Double(further) : 0)
  }

  private static func seconds(_ span: Nanoseconds) -> Double { Double(span) / 1e9 }
}
