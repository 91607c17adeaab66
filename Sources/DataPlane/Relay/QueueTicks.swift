import NIOCore
import Routing

/// The pools that requests of one event loop wait for. Room comes without an end of a request, too: model servers' metrics tell of
/// it, or the table has more of them. So that the queues are looked at now and then, as long as somebody waits.
final class QueueTicks {
  /// How often.
  static let pause = TimeAmount.milliseconds(20)

  private let loop: any EventLoop
  private let look: (CompiledPool) -> Void
  private var waiting: [ObjectIdentifier: (pool: CompiledPool, count: Int)] = [:]
  private var isTicking = false

  init(on loop: any EventLoop, look: @escaping (CompiledPool) -> Void) {
    self.loop = loop
    self.look = look
  }

  /// A request begins to wait.
  func add(_ pool: CompiledPool) {
    waiting[ObjectIdentifier(pool.queue), default: (pool, 0)].count += 1
    if !isTicking { tick() }
  }

  /// A request does not wait any longer.
  func remove(_ pool: CompiledPool) {
    let id = ObjectIdentifier(pool.queue)
    guard let known = waiting[id] else { return }
    waiting[id] = known.count > 1 ? (known.pool, known.count - 1) : nil
  }

  private func tick() {
    isTicking = !waiting.isEmpty
    guard isTicking else { return }
    loop.assumeIsolated().scheduleTask(in: Self.pause) { [self] in
      for known in waiting.values { look(known.pool) }
      tick()
    }
  }
}
