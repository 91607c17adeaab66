/// How an engine is: how fast, how large, from when on, and when it fails.
public struct EngineConfiguration: Sendable, Equatable {
  /// The time from an engine's start until its model is loaded.
  public struct ColdStart: Sendable, Equatable {
    /// What becomes of requests before.
    public enum Admission: Sendable, Equatable {
      /// They wait.
      case wait
      /// They are rejected as ``RejectionReason/loading``.
      case refuse
    }

    /// From when on steps run.
    public var readyAt: Nanoseconds
    /// What becomes of requests before.
    public var admission: Admission

    /// Creates a cold start; by default the engine is ready at once.
    public init(readyAt: Nanoseconds = 0, admission: Admission = .wait) {
      self.readyAt = readyAt
      self.admission = admission
    }
  }

  /// Which tokens are told as events.
  public enum TokenEvents: Sendable, Equatable {
    /// All of them.
    case every
    /// The first one of each sequence: enough for latencies, and much less to read.
    case first
  }

  /// How long steps take.
  public var cost: CostModel
  /// What fits.
  public var limits: EngineLimits
  /// When it begins.
  public var coldStart: ColdStart
  /// When it fails, in any order.
  public var outages: [EngineOutage]
  /// Which tokens are told.
  public var tokenEvents: TokenEvents
  /// Whether ``EngineHistograms`` are kept.
  public var keepsHistograms: Bool

  /// Creates a configuration; the defaults are a model of 12 billion parameters on a small accelerator.
  public init(
    cost: CostModel = CostModel(model: .twelveBillion, on: .l4),
    limits: EngineLimits = EngineLimits(model: .twelveBillion, on: .l4), coldStart: ColdStart = ColdStart(),
    outages: [EngineOutage] = [], tokenEvents: TokenEvents = .every, keepsHistograms: Bool = false
  ) {
    self.cost = cost
    self.limits = limits
    self.coldStart = coldStart
    self.outages = outages
    self.tokenEvents = tokenEvents
    self.keepsHistograms = keepsHistograms
  }

  /// A model on an accelerator. ``problem`` is there when it does not fit.
  public init(model: ModelSize = .twelveBillion, on accelerator: Accelerator, contextLength: Int = 8192) {
    self.init(
      cost: CostModel(model: model, on: accelerator),
      limits: EngineLimits(model: model, on: accelerator, contextLength: contextLength))
  }

  /// The first thing that no engine can be, as a sentence with field, value and cure; `nil` when all is fine.
  public var problem: String? {
    if let problem = cost.problem { return "cost.\(problem)" }
    if let problem = limits.problem { return "limits.\(problem)" }
    for outage in outages {
      if let end = outage.end, end <= outage.begin {
        return "outages has one that ends at \(end) ns and begins at \(outage.begin) ns; let it end later"
      }
    }
    return nil
  }
}

/// A time in which an engine is dead: what it had is lost, and it takes nothing.
public struct EngineOutage: Sendable, Equatable {
  /// When it dies.
  public var begin: Nanoseconds
  /// When it is ready again, with an empty cache; `nil` for never.
  public var end: Nanoseconds?

  /// Creates an outage.
  public init(begin: Nanoseconds, end: Nanoseconds? = nil) {
    self.begin = begin
    self.end = end
  }
}
