/// What a step of the engine does, in the numbers that its time depends on.
public struct StepLoad: Sendable, Equatable {
  /// Prompt tokens computed.
  public var promptTokens = 0
  /// For each of these, the tokens that it attends to, added up.
  public var promptContext = 0.0
  /// Sequences that get a token.
  public var decodingSequences = 0
  /// The tokens of context of these, added up.
  public var decodingContext = 0
  /// Adapters brought onto the accelerator first.
  public var adapterLoads = 0

  /// A step that does nothing.
  public init() {}

  /// Adds the computation of prompt tokens after `context` others of the same sequence.
  public mutating func addPrompt(_ tokens: Int, after context: Int) {
    promptTokens += tokens
    promptContext += Double(tokens) * (Double(context) + Double(tokens + 1) / 2)
  }

  /// Adds one token of a sequence with so many tokens of context.
  public mutating func addDecode(context: Int) {
    decodingSequences += 1
    decodingContext += context
  }
}

/// How long a step takes: a sum of what each part of its ``StepLoad`` costs.
///
/// The parts follow from how accelerators work. A prompt token costs arithmetic (two operations a weight) and attention
/// to all that came before. A step that generates reads all weights once, however many sequences it serves; each of
/// these adds its arithmetic and reads its own context from the cache. Real engines overlap some of this, so the sums
/// are estimates; the ratios between accelerators, model sizes and context lengths are what they are for.
public struct CostModel: Sendable, Equatable {
  /// Seconds for each prompt token.
  public var secondsPerPromptToken: Double
  /// Seconds for each prompt token and each token that it attends to.
  public var secondsPerPromptContextToken: Double
  /// Seconds for a step in which at least one sequence generates.
  public var secondsPerDecodeStep: Double
  /// Seconds for each sequence that generates in a step.
  public var secondsPerDecodingSequence: Double
  /// Seconds for each token of context of these sequences.
  public var secondsPerDecodingContextToken: Double
  /// Seconds to bring an adapter onto the accelerator.
  public var secondsPerAdapterLoad: Double

  /// The share of the data sheet's operations that prompts reach.
  static let reachedFlops = 0.5
  /// The share of the data sheet's bandwidth that generation reaches.
  static let reachedBandwidth = 0.8
  /// Adapters are taken as a hundredth of the weights, read from the host at 2 GB a second.
  static let adapterShare = 0.01
  static let hostBandwidth = 2e9

  /// The costs of a model on an accelerator.
  public init(model: ModelSize, on accelerator: Accelerator) {
    let bytes = model.bytesPerParameter(on: accelerator)
    let flops = accelerator.flops * Self.reachedFlops
    let bandwidth = accelerator.bandwidth * Self.reachedBandwidth
    // Weights of one byte compute twice as fast.
    let secondsPerToken = 2 * model.parameters / (flops * 2 / bytes)
    secondsPerPromptToken = secondsPerToken
    // Scores and weighted sums: two operations for each of their two factors, over the width of all layers.
    secondsPerPromptContextToken = 4 * Double(model.layers) * Double(model.hiddenSize) / flops
    secondsPerDecodeStep = model.parameters * bytes / bandwidth
    secondsPerDecodingSequence = secondsPerToken
    secondsPerDecodingContextToken = model.cacheBytesPerToken / bandwidth
    secondsPerAdapterLoad = model.parameters * bytes * Self.adapterShare / Self.hostBandwidth
  }

  /// Costs from measured speeds: of a prompt, of a sequence alone, and how much longer a step takes for each further
  /// sequence, as a share (0…1) of the step of one. The context costs nothing.
  public init(
    promptTokensPerSecond: Double, tokensPerSecond: Double, slowdownPerSequence: Double = 0,
    adapterLoadSeconds: Double = 0
  ) {
    secondsPerPromptToken = 1 / promptTokensPerSecond
    secondsPerPromptContextToken = 0
    secondsPerDecodeStep = (1 - slowdownPerSequence) / tokensPerSecond
    secondsPerDecodingSequence = slowdownPerSequence / tokensPerSecond
    secondsPerDecodingContextToken = 0
    secondsPerAdapterLoad = adapterLoadSeconds
  }

  /// How long a step takes, in seconds.
  public func seconds(of load: StepLoad) -> Double {
    var seconds = Double(load.promptTokens) * secondsPerPromptToken
    seconds += load.promptContext * secondsPerPromptContextToken
    if load.decodingSequences > 0 {
      seconds += secondsPerDecodeStep + Double(load.decodingSequences) * secondsPerDecodingSequence
      seconds += Double(load.decodingContext) * secondsPerDecodingContextToken
    }
    return seconds + Double(load.adapterLoads) * secondsPerAdapterLoad
  }

  /// How long a step takes: at least a microsecond, so that time passes in each, and at most three years.
  func duration(of load: StepLoad) -> Nanoseconds {
    // A measured speed gives a duration in whole nanoseconds, whatever the last bit of its division was.
    Nanoseconds(min(max(1000, (seconds(of: load) * 1e9).rounded()), 1e17))
  }

  /// The first field whose value no engine can have, as a sentence with field, value and cure; `nil` when all are fine.
  public var problem: String? {
    let costs: [(String, Double)] = [
      ("secondsPerPromptToken", secondsPerPromptToken),
      ("secondsPerPromptContextToken", secondsPerPromptContextToken),
      ("secondsPerDecodeStep", secondsPerDecodeStep), ("secondsPerDecodingSequence", secondsPerDecodingSequence),
      ("secondsPerDecodingContextToken", secondsPerDecodingContextToken),
      ("secondsPerAdapterLoad", secondsPerAdapterLoad),
    ]
    for (field, value) in costs where !(value >= 0 && value.isFinite) {
      return "\(field) is \(value); give a number of seconds, 0 or more"
    }
    return nil
  }
}
