import NIOCore
import NIOHTTP1
import NIOPosix
import Routing
import Synchronization
import TestSupport
import Testing

@testable import DataPlane

/// What happens to running requests when clients go, tables change and the gateway stops.
@Suite(.timeLimit(.minutes(1))) struct LifecycleTests {
  /// A model server that begins a stream and hands the call to the test.
  static func streaming() async throws -> (server: TestUpstream, calls: AsyncStream<TestUpstream.Call>) {
    let calls = AsyncStream.makeStream(of: TestUpstream.Call.self, bufferingPolicy: .bufferingNewest(8))
    let server = try await TestUpstream.start { call in
      call.begin(["content-type": "text/event-stream", "transfer-encoding": "chunked"])
      call.write("data: one\n\n")
      calls.continuation.yield(call)
    }
    return (server, calls.stream)
  }

  static let request = LiveTests.post(#"{"model":"chat","stream":true}"#)

  @Test func aRunningStreamOutlivesTheBeginningOfAShutdown() async throws {
    let (upstream, calls) = try await Self.streaming()
    try await TestGateway.run(endpoints: [upstream.endpoint]) { gateway in
      let resting = try await TestClient.connect(gateway.address)
      let client = try await TestClient.connect(gateway.address)
      try await client.send(Self.request)
      var iterator = calls.makeAsyncIterator()
      let call = try #require(await iterator.next())
      _ = try await client.receive { $0.contains("data: one\n\n") }
      gateway.server.shutdownGracefully()
      _ = try await resting.receiveUntilClosed()
      await #expect(throws: NIOConnectionError.self) { try await TestClient.connect(gateway.address) }
      call.write("data: two\n\n")
      call.end()
      #expect(try await client.receiveUntilClosed().hasSuffix("data: two\n\n\r\n0\r\n\r\n"))
    }
    try await upstream.stop()
  }

  /// What a second Ctrl-C does: the model server is not ours, so nothing else would end the stream.
  @Test(arguments: [true, false]) func cancellationCutsRunningStreams(_ drainsBefore: Bool) async throws {
    let (upstream, calls) = try await Self.streaming()
    let streaming = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let running = Task {
      try await TestGateway.run(endpoints: [upstream.endpoint]) { gateway in
        let resting = try await TestClient.connect(gateway.address)
        let client = try await TestClient.connect(gateway.address)
        try await client.send(Self.request)
        _ = try await client.receive { $0.contains("data: one\n\n") }
        if drainsBefore {
          gateway.server.shutdownGracefully()
          _ = try await resting.receiveUntilClosed()
        }
        streaming.continuation.yield()
        try await Task.sleep(for: .seconds(600))
      }
    }
    for await _ in streaming.stream { break }
    running.cancel()
    var iterator = calls.makeAsyncIterator()
    let call = try #require(await iterator.next())
    let isCut = Atomic(false)
    call.closed.whenComplete { _ in isCut.store(true, ordering: .releasing) }
    // The gateway would wait for the stream for an hour: see ``TestGateway/run``.
    try await eventually("the stream is cut") { isCut.load(ordering: .acquiring) }
    await #expect(throws: CancellationError.self) { try await running.value }
    try await upstream.stop()
  }

  @Test(arguments: [CloseMode.all, .output]) func aClientThatGoesStopsTheModelServersWork(_ mode: CloseMode)
    async throws
  {
    let (upstream, calls) = try await Self.streaming()
    try await TestGateway.run(endpoints: [upstream.endpoint]) { gateway in
      let client = try await TestClient.connect(gateway.address)
      try await client.send(Self.request)
      var iterator = calls.makeAsyncIterator()
      let call = try #require(await iterator.next())
      try await client.close(mode)
      try await call.closed.get()
      let record = try #require(await gateway.records.next())
      #expect(record.error?.kind == .clientClosed)
      #expect(gateway.states.inFlight == 0)
    }
    try await upstream.stop()
  }

  @Test func listenersFollowTheTable() async throws {
    let upstream = try await TestUpstream.start { $0.json("{}") }
    try await TestGateway.run(endpoints: [upstream.endpoint]) { gateway in
      let client = try await TestClient.connect(gateway.address)
      try await client.send(Self.request)
      _ = try await client.receive { $0.hasSuffix("{}") }
      var table = gateway.table.current
      let before = gateway.bindings
      table.listeners[0].addresses = []
      gateway.table.publish(table)
      #expect(await before.next()?.failures == [])
      await #expect(throws: NIOConnectionError.self) { try await TestClient.connect(gateway.address) }
      try await client.send(Self.request)
      #expect(try await client.receive { $0.contains("}}") }.hasPrefix("HTTP/1.1 404 "))
    }
    try await upstream.stop()
  }
}
