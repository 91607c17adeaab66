extension RequestRouter {
  /// What an operator of the gateway may tune.
  public struct Configuration: Sendable {
    /// The age, in nanoseconds, beyond which the metrics of an endpoint that works for us are no longer believed.
    /// Reference: 2 s.
    public var staleAfter: UInt64
    /// The same for an endpoint that has no request of ours: its metrics change less and are read less often. Must be
    /// longer than the scraper's pause for idle endpoints.
    public var idleStaleAfter: UInt64
    /// The time, in nanoseconds, over which a new endpoint grows into its share of requests; 0 gives it all at once.
    public var slowStart: UInt64
    /// How endpoints of inference pools are picked.
    public var picker: EndpointPicker
    /// When requests are turned away.
    public var saturation: Saturation
    /// How requests wait for a saturated pool.
    public var queue: QueueLimits
    /// Seconds after which to try again when a pool is saturated.
    public var retryAfterSaturation: Int
    /// Seconds after which to try again when no endpoint is ready; loading a model takes longer than a queue.
    public var retryAfterNoEndpoint: Int

    /// Defaults that suit vLLM.
    public init(
      staleAfter: UInt64 = 2_000_000_000, idleStaleAfter: UInt64 = 7_000_000_000,
      slowStart: UInt64 = 30_000_000_000, picker: EndpointPicker = .standard,
      saturation: Saturation = Saturation(), queue: QueueLimits = QueueLimits(), retryAfterSaturation: Int = 1,
      retryAfterNoEndpoint: Int = 5
    ) {
      self.staleAfter = staleAfter
      self.idleStaleAfter = idleStaleAfter
      self.slowStart = slowStart
      self.picker = picker
      self.saturation = saturation
      self.queue = queue
      self.retryAfterSaturation = retryAfterSaturation
      self.retryAfterNoEndpoint = retryAfterNoEndpoint
    }
  }
}

extension RequestRouter.Configuration {
  var belief: LoadBelief { LoadBelief(staleAfter: staleAfter, idleStaleAfter: idleStaleAfter, slowStart: slowStart) }
}
