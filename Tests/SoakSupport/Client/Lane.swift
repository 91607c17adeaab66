import NIOCore
import NIOPosix
import Synchronization

/// Plays one turn after another, mostly on the same connection, until there are none left. Lives on one event loop.
final class Lane {
  private let loop: any EventLoop
  private let gateway: SocketAddress
  private let course: Course
  private let done: EventLoopPromise<Void>
  private var connection: ClientConnection?

  init(loop: any EventLoop, gateway: SocketAddress, course: Course, done: EventLoopPromise<Void>) {
    self.loop = loop
    self.gateway = gateway
    self.course = course
    self.done = done
  }

  /// Plays the next turn.
  func next() {
    guard let turn = course.nextTurn() else {
      connection?.close()
      return done.succeed()
    }
    // Now and then a client begins anew.
    if turn.number % 40 == 0 {
      connection?.close()
      connection = nil
    }
    if let connection { return play(turn, on: connection) }
    connect(turn)
  }

  private func connect(_ turn: SoakTurn) {
    let ledger = course.ledger
    ClientBootstrap(group: loop)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(ClientConnection(ledger: ledger))
        }
      }
      .connect(to: gateway).assumeIsolated().whenComplete { [self] result in
        do {
          let connection = try result.get().pipeline.syncOperations.handler(type: ClientConnection.self)
          self.connection = connection
          play(turn, on: connection)
        } catch {
          course.ledger.fault("a client could not connect: \(error)")
          done.succeed()
        }
      }
  }

  private func play(_ turn: SoakTurn, on connection: ClientConnection) {
    connection.play(turn) { [self] outcomes, isReusable in
      let staysOpen = course.judge(turn, outcomes) && isReusable
      if !staysOpen {
        connection.close()
        self.connection = nil
      }
      // Not from within: a turn after another would make the stack grow.
      loop.assumeIsolated().execute { self.next() }
    }
  }
}
