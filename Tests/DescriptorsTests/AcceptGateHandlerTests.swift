import Logging
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import Descriptors

/// The gate in a listening socket's pipeline.
@Suite struct AcceptGateHandlerTests {
  /// Counts what reaches the socket.
  private final class Socket: ChannelOutboundHandler {
    typealias OutboundIn = Never
    var reads = 0
    func read(context: ChannelHandlerContext) { reads += 1 }
  }

  /// A server that ends with the first error, as some do.
  private final class Server: ChannelInboundHandler {
    typealias InboundIn = any Channel
    var accepted: [any Channel] = []
    var errors = 0
    func channelRead(context: ChannelHandlerContext, data: NIOAny) { accepted.append(unwrapInboundIn(data)) }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { errors += 1 }
  }

  private final class Rig {
    let channel = EmbeddedChannel()
    let socket = Socket()
    let server = Server()
    let budget: DescriptorBudget
    var pauses = 0

    init(open: @escaping @Sendable () -> Int?) throws {
      budget = DescriptorBudget(limit: { 1024 }, open: open, lookInterval: 0)
      let gate = AcceptGateHandler(
        holder: .client, budget: budget, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
        onPause: { [unowned self] in self.pauses += 1 })
      try channel.pipeline.syncOperations.addHandlers([socket, gate, server])
      channel.pipeline.fireChannelActive()
    }

    func wait(_ milliseconds: Int64) { channel.embeddedEventLoop.advanceTime(by: .milliseconds(milliseconds)) }
  }

  @Test func acceptedConnectionsAreCountedUntilTheyClose() throws {
    let rig = try Rig(open: { 40 })
    let client = EmbeddedChannel(loop: rig.channel.embeddedEventLoop)
    rig.channel.pipeline.syncOperations.fireChannelRead(NIOAny(client as any Channel))
    #expect(rig.server.accepted.count == 1 && rig.budget.connections(.client) == 1)
    _ = try client.finish()
    rig.channel.embeddedEventLoop.run()
    #expect(rig.budget.connections(.client) == 0)
  }

  @Test func whatIsAcceptedWithNothingLeftIsClosedAtOnce() throws {
    let rig = try Rig(open: { 1024 - AcceptGate.Marks.closeBelow + 1 })
    let client = EmbeddedChannel(loop: rig.channel.embeddedEventLoop)
    try client.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    rig.channel.pipeline.syncOperations.fireChannelRead(NIOAny(client as any Channel))
    rig.channel.embeddedEventLoop.run()
    #expect(rig.server.accepted.isEmpty && rig.budget.connections(.client) == 0)
    #expect(!client.isActive)
  }

  @Test func aPausedSocketIsNotReadUntilThereIsRoom() throws {
    let open = Open(1000)
    let rig = try Rig(open: { open.value.load(ordering: .relaxed) })
    rig.channel.pipeline.read()
    rig.channel.pipeline.read()
    #expect(rig.socket.reads == 0 && rig.budget.pausedListeners == 1 && rig.pauses == 1)
    rig.wait(1000)
    #expect(rig.socket.reads == 0 && rig.pauses == 1)
    open.value.store(100, ordering: .relaxed)
    rig.wait(50)
    #expect(rig.socket.reads == 1 && rig.budget.pausedListeners == 0)
    rig.channel.pipeline.read()
    #expect(rig.socket.reads == 2)
  }

  @Test func aFailureToAcceptReachesNoServerAndIsNotTriedAtOnce() throws {
    let rig = try Rig(open: { 40 })
    rig.channel.pipeline.fireErrorCaught(IOError(errnoCode: 24, reason: "accept"))
    #expect(rig.server.errors == 0)
    for _ in 0..<1000 { rig.channel.pipeline.read() }
    #expect(rig.socket.reads == 0)
    rig.wait(20)
    #expect(rig.socket.reads == 1)
  }

  @Test func aSocketThatClosesWhilePausedIsNotPausedAnyMore() throws {
    let rig = try Rig(open: { 1000 })
    rig.channel.pipeline.read()
    #expect(rig.budget.pausedListeners == 1)
    rig.channel.pipeline.fireChannelInactive()
    #expect(rig.budget.pausedListeners == 0)
    rig.wait(1000)
    #expect(rig.socket.reads == 0)
  }

  private final class Open: Sendable {
    let value: Atomic<Int>
    init(_ count: Int) { value = Atomic(count) }
  }
}
