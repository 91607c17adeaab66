/// What the engine has done since it started, as vLLM counts it.
struct EngineStatistics: Sendable {
  var promptTokens = 0
  var cachedPromptTokens = 0
  var generationTokens = 0
  var prefixCacheQueries = 0
  var prefixCacheHits = 0
  var preemptions = 0
  var finished: [FinishReason: Int] = [:]

  var promptTokensPerRequest = HistogramCounts(HistogramCounts.tokens)
  var generationTokensPerRequest = HistogramCounts(HistogramCounts.tokens)
  var iterationTokens = HistogramCounts([1, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384])
  var maxGenerationTokens = HistogramCounts(HistogramCounts.tokens)
  var paramsN = HistogramCounts([1, 2, 5, 10, 20])
  var paramsMaxTokens = HistogramCounts(HistogramCounts.tokens)
  var timeToFirstToken = HistogramCounts([
    0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640, 2560,
  ])
  var interTokenLatency = HistogramCounts(HistogramCounts.perToken)
  var timePerOutputToken = HistogramCounts(HistogramCounts.perToken)
  var endToEnd = HistogramCounts(HistogramCounts.perRequest)
  var queueTime = HistogramCounts(HistogramCounts.perRequest)
  var inferenceTime = HistogramCounts(HistogramCounts.perRequest)
  var prefillTime = HistogramCounts(HistogramCounts.perRequest)
  var decodeTime = HistogramCounts(HistogramCounts.perRequest)
  var preemptionsPerRequest = HistogramCounts([1, 2, 3, 4, 5, 10, 20])
  var prefillComputedTokens = HistogramCounts(HistogramCounts.tokens)

  /// Counts a sequence that ended by itself.
  mutating func recordFinish(_ sequence: EngineSequence, reason: FinishReason, at now: Duration) {
    finished[reason, default: 0] += 1
    let request = sequence.request
    promptTokensPerRequest.observe(Double(request.prompt.count))
    generationTokensPerRequest.observe(Double(sequence.generated))
    maxGenerationTokens.observe(Double(sequence.generated))
    paramsN.observe(Double(request.choices))
    paramsMaxTokens.observe(Double(request.maxTokens))
    preemptionsPerRequest.observe(Double(sequence.preemptions))
    prefillComputedTokens.observe(Double(request.prompt.count - sequence.cachedTokens))
    endToEnd.observe((now - sequence.arrival).inSeconds)
    guard let scheduled = sequence.scheduled, let first = sequence.firstToken, let last = sequence.lastToken else {
      return
    }
    queueTime.observe((scheduled - sequence.arrival).inSeconds)
    prefillTime.observe((first - scheduled).inSeconds)
    decodeTime.observe((last - first).inSeconds)
    inferenceTime.observe((last - scheduled).inSeconds)
    let further = sequence.generated - 1
    timePerOutputToken.observe(further > 0 ? (last - first).inSeconds / Double(further) : 0)
  }
}

/// A histogram's buckets, not cumulative.
struct HistogramCounts: Sendable, Equatable {
  let bounds: [Double]
  private(set) var buckets: [Int]
  private(set) var sum = 0.0
  private(set) var count = 0

  init(_ bounds: [Double]) {
    self.bounds = bounds
    buckets = Array(repeating: 0, count: bounds.count)
  }

  mutating func observe(_ value: Double) {
    if let bucket = bounds.firstIndex(where: { value <= $0 }) { buckets[bucket] += 1 }
    sum += value
    count += 1
  }

  static let tokens: [Double] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000]
  static let perToken: [Double] = [
    0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80,
  ]
  static let perRequest: [Double] = [
    0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680,
  ]
}

extension Duration {
  /// Seconds as a number.
  var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
