/// A request that goes to a pool which has no room for it yet. A class, since few requests are of the kind, and what holds them is
/// moved often.
public final class WaitingRequest: Sendable {
  /// The pool, and the model as it has it.
  public let binding: PoolBinding
  /// How long it may wait, in nanoseconds.
  public let patience: UInt64
  let decided: DecidedRule
  private let retryAfter: Int

  init(_ decided: DecidedRule, _ binding: PoolBinding, by configuration: RequestRouter.Configuration) {
    self.decided = decided
    self.binding = binding
    patience = configuration.queue.timeout
    retryAfter = configuration.retryAfterSaturation
  }

  /// Where it waits.
  public var queue: PoolQueue { binding.pool.queue }
  /// How long its route lets the whole request take, in nanoseconds; `nil` where the route does not say.
  public var requestTimeout: UInt64? { binding.policy?.policy.timeouts.request }

  /// The answer where it has waited too long.
  public var expired: GatewayError {
    .queueTimeout(binding, after: patience, retryAfter: retryAfter).about(binding.subject)
  }

  /// An error with the headers that the request's rule asks of every answer.
  public func answered(_ error: GatewayError, to head: RequestHead) -> GatewayError {
    error.answered(by: decided, to: head)
  }
}

extension RequestRouter {
  /// Puts a request into its pool's queue.
  ///
  /// - Returns: `nil` where no place is left for it: the answer is ``crowded(_:)``.
  public func enqueue(_ request: WaitingRequest, _ waiter: @escaping PoolQueue.Waiter) -> PoolQueue.Ticket? {
    let binding = request.binding
    // A name that nobody declares is of the client's making: with many of them it would have many turns.
    let flow = binding.isModelDeclared ? binding.model ?? "" : ""
    return request.queue.enter(
      priority: binding.priority, flow: flow, places: configuration.queue.places, waiter)
  }

  /// The answer to a request that finds no place, or loses it to a more important one.
  public func crowded(_ request: WaitingRequest) -> GatewayError { saturated(request.binding) }

  /// Lets the next of those that wait for a pool in, if there is room: to be called when a request to the pool has ended, when one
  /// that was let in has settled, and now and then as long as somebody waits, since model servers tell of room late.
  ///
  /// - Parameters:
  ///   - pool: as the waiting requests know it.
  ///   - table: the newest.
  public func admitNext(to pool: CompiledPool, in table: CompiledTable, now: UInt64) {
    // Those whose pool is gone, or empty, are not kept waiting: they are told.
    let current = table.pool(pool.id)
    pool.queue.admitNext(now: now) { priority in
      current.map { !isSaturated($0, for: priority.criticality, now: now) } ?? true
    }
  }

  /// Where a request goes that was let in.
  public func decide(
    _ request: WaitingRequest, _ head: RequestHead, in table: CompiledTable, now: UInt64,
    using generator: inout some RandomNumberGenerator
  ) -> RoutingDecision {
    let route = request.binding.route
    do throws(GatewayError) {
      guard let current = table.pool(request.binding.pool.id) else {
        throw .poolMissing(request.binding.pool.id, route: route).about(request.binding.subject)
      }
      var binding = request.binding
      // A listener that shows endpoints another certificate now has none in this table for the one that the request came by.
      binding.pool = table.pool(current.id, for: request.decided.listener) ?? binding.pool
      return .forward(try forward(request.decided, binding, head, now: now, using: &generator))
    } catch {
      return .reject(error.answered(by: request.decided, to: head))
    }
  }
}
