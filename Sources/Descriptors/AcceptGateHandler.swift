package import Logging
package import NIOCore

/// Stands in a listening socket's pipeline, next to the socket, and does what an ``AcceptGate`` says; counts what is
/// accepted.
///
/// An error of accepting ends here: it says nothing about the server, and some servers would end with it.
package final class AcceptGateHandler: ChannelDuplexHandler {
  package typealias InboundIn = any Channel
  package typealias InboundOut = any Channel
  package typealias OutboundIn = Never

  private let holder: DescriptorBudget.Holder
  private let marks: AcceptGate.Marks
  private let budget: DescriptorBudget
  private let logger: Logger
  private let onPause: () -> Void
  private var gate = AcceptGate()
  private var wasPaused = false
  private var timer: Scheduled<Void>?

  /// A gate for a server whose connections are `holder`'s; `onPause` is called when it stops accepting for lack of
  /// descriptors, on the socket's loop.
  package init(
    holder: DescriptorBudget.Holder, budget: DescriptorBudget, logger: Logger, onPause: @escaping () -> Void = {}
  ) {
    self.holder = holder
    marks = holder == .client ? .clients : .inner
    self.budget = budget
    self.logger = logger
    self.onPause = onPause
  }

  /// Stands before a server that a library has bound.
  package static func guardInner(
    _ server: any Channel, budget: DescriptorBudget = .process, logger: Logger
  ) async {
    do {
      try await server.eventLoop.submit {
        try server.pipeline.syncOperations.addHandler(
          AcceptGateHandler(holder: .inner, budget: budget, logger: logger), position: .first)
      }.get()
    } catch {
      logger.debug("a listening socket closed as soon as it was open", metadata: ["reason": "\(error)"])
    }
  }

  package func read(context: ChannelHandlerContext) {
    guard timer == nil else { return }
    whenAllowed(context) { context.read() }
  }

  /// Does `go` as soon as the gate lets the socket accept.
  private func whenAllowed(_ context: ChannelHandlerContext, _ go: @escaping () -> Void) {
    let spare = budget.spare(for: holder, now: NIODeadline.now().uptimeNanoseconds)
    let answer = gate.ask(
      spare: spare, marks: marks.scaled(limit: budget.limit), now: context.eventLoop.now.uptimeNanoseconds)
    tellIfChanged(spare: spare)
    switch answer {
    case .accept: go()
    case .wait(let nanoseconds):
      timer = context.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(Int64(nanoseconds))) {
        self.timer = nil
        self.whenAllowed(context, go)
      }
    }
  }

  package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    gate.accepted()
    let client = unwrapInboundIn(data)
    guard budget.hasRoomForAccepted(now: NIODeadline.now().uptimeNanoseconds) else {
      return client.close(promise: nil)
    }
    budget.opened(holder)
    client.closeFuture.whenComplete { [budget, holder] _ in budget.closed(holder) }
    context.fireChannelRead(data)
  }

  package func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if NoDescriptorLeft.isMeant(by: error) { budget.ranOut() }
    gate.failed(now: context.eventLoop.now.uptimeNanoseconds)
    let level: Logger.Level = budget.warnings.isOver(now: NIODeadline.now().uptimeNanoseconds) ? .warning : .debug
    logger.log(
      level: level, "accepting a connection failed; it is tried again",
      metadata: ["address": "\(address(context))", "reason": "\(error)"])
    rest(context)
  }

  /// Takes the socket out of the loop's selector until the gate lets it accept. Where the first attempt of a turn failed,
  /// NIO does not ask before the next: the connection still waits, so the loop would turn at once, for ever.
  private func rest(_ context: ChannelHandlerContext) {
    guard timer == nil else { return }
    do {
      guard let options = context.channel.syncOptions, try options.getOption(.autoRead) else { return }
      try options.setOption(.autoRead, value: false)
      whenAllowed(context) { [logger] in
        do { try options.setOption(.autoRead, value: true) } catch {
          logger.debug("a listening socket closed while it rested", metadata: ["reason": "\(error)"])
        }
        // Reads that were asked for meanwhile were dropped.
        context.read()
      }
    } catch {
      logger.debug("a listening socket closed as it failed to accept", metadata: ["reason": "\(error)"])
    }
  }

  package func channelInactive(context: ChannelHandlerContext) {
    stop()
    context.fireChannelInactive()
  }

  package func handlerRemoved(context: ChannelHandlerContext) { stop() }

  private func stop() {
    timer?.cancel()
    timer = nil
    if wasPaused { count(isPaused: false) }
  }

  private func tellIfChanged(spare: Int) {
    guard gate.isPaused != wasPaused else { return }
    count(isPaused: gate.isPaused)
    guard gate.isPaused else { return }
    onPause()
    guard budget.warnings.isOver(now: NIODeadline.now().uptimeNanoseconds) else { return }
    logger.warning(
      "no more connections are accepted until others close: too few file descriptors are left",
      metadata: ["spare": "\(spare)", "limit": "\(budget.limit)"])
  }

  private func count(isPaused: Bool) {
    wasPaused = isPaused
    if holder == .client { budget.listener(isPaused: isPaused) }
  }

  private func address(_ context: ChannelHandlerContext) -> String {
    context.localAddress.map(String.init(describing:)) ?? "-"
  }
}
