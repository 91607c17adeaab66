import Foundation
import Logging
import NIOCore
import NIOPosix
import Routing
import SwiftProtobuf
import Synchronization
import TestSupport
import Testing

@testable import ExternalProcessing

/// Pickers over sockets, TLS and HTTP/2, and what becomes of requests when they are lost.
@Suite(.timeLimit(.minutes(1))) struct LivePickerTests {
  /// The pickers of one event loop, used from tests.
  private final class Asker: Sendable {
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    private let clients: NIOLoopBound<PickerClients>
    let picker: ExternalPicker

    init(_ ports: [Int], transport: ExternalPicker.Transport = .tls) async throws {
      let loop = loop
      var configuration = PickerConfiguration()
      configuration.connectTimeoutSeconds = 10
      clients = try await loop.submit { [configuration] in
        NIOLoopBound(
          PickerClients(
            on: loop, configuration: configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }),
          eventLoop: loop)
      }.get()
      picker = ExternalPicker(
        service: ObjectName(namespace: "default", name: "epp"), port: 9002,
        endpoints: ports.map { EndpointID(address: "127.0.0.1", port: $0) }, transport: transport)
    }

    /// Begins a request with this body.
    func ask(_ body: String = "{}") async throws -> Asked {
      let asked = Asked(loop)
      try await loop.submit { [self] in
        let session = clients.value.session(with: picker) { event in asked.heard(event) }
        asked.begin(NIOLoopBound(session, eventLoop: loop), Array(body.utf8))
      }.get()
      return asked
    }
  }

  /// One request with a picker.
  private final class Asked: Sendable {
    private let loop: any EventLoop
    private let events = Mutex<[PickEvent]>([])
    private let session = Mutex<NIOLoopBound<any PickSession>?>(nil)
    private let rest = Mutex<[UInt8]>([])

    init(_ loop: any EventLoop) { self.loop = loop }

    func begin(_ session: NIOLoopBound<any PickSession>, _ body: [UInt8]) {
      self.session.withLock { $0 = session }
      rest.withLock { $0 = body }
      let head = RequestHead(method: "POST", path: "/v1/completions", authority: "x", fields: [("X-Test", "1")])
      session.value.begin(head, hasBody: true)
      show()
    }

    func heard(_ event: PickEvent) {
      if event == .hasRoom { return show() }
      events.withLock { $0.append(event) }
    }

    private func show() {
      guard let session = session.withLock({ $0 })?.value else { return }
      while true {
        let piece = rest.withLock { rest -> [UInt8] in
          let piece = rest.prefix(session.room)
          rest = Array(rest.dropFirst(piece.count))
          return Array(piece)
        }
        if piece.isEmpty { break }
        piece.withUnsafeBytes { session.body($0) }
        if rest.withLock({ $0.isEmpty }) { session.end() }
      }
    }

    func showResponse() async throws {
      try await loop.submit { [self] in
        session.withLock { $0 }?.value.response(
          ResponseHead(status: 200, fields: [("content-type", "application/json")]),
          from: EndpointID(address: "10.0.0.1", port: 8000), hasBody: true)
      }.get()
    }

    func finish() async throws { try await loop.submit { self.session.withLock { $0 }?.value.finish(.done) }.get() }

    /// What is heard next.
    func next() async throws -> PickEvent {
      try await eventually("the picker says something") { events.withLock { !$0.isEmpty } }
      return events.withLock { $0.removeFirst() }
    }
  }

  /// Streams the body back, as llm-d's picker does.
  private static let streaming: ScriptedServer.Script = { request, stream in
    switch request.request {
    case .requestHeaders: stream.head()
    case .requestBody(let body):
      if body.endOfStream { try stream.send(Replies.head()) }
      guard body.endOfStream else { return }
      try stream.send(Replies.streamed("picked", ends: true))
    case .responseHeaders:
      let told = request.metadataContext.filterMetadata["envoy.lb"]?.fields["x-gateway-destination-endpoint-served"]
      try stream.send(Replies.response([Replies.option("x-served", told?.stringValue ?? "")]))
    default: break
    }
  }

  private static let named = [EndpointID(address: "10.0.0.1", port: 8000)]

  private func isPicked(_ event: PickEvent) -> Bool {
    guard case .picked(let picked) = event else { return false }
    return picked.endpoints == Self.named
  }

  private func failure(_ event: PickEvent) -> String? {
    guard case .failed(let reason) = event else { return nil }
    return reason
  }

  @Test(arguments: [true, false]) func requestsShareAConnectionAndSeeTheirResponses(secure: Bool) async throws {
    let server = try await ScriptedServer.start(secure: secure, Self.streaming)
    let asker = try await Asker([server.port], transport: secure ? .tls : .plain)
    for _ in 0..<3 {
      let asked = try await asker.ask()
      guard case .picked(let picked) = try await asked.next() else { throw Failure("not picked") }
      #expect(picked.endpoints == Self.named && picked.body == [Array("picked".utf8)])
      try await asked.showResponse()
      #expect(try await asked.next() == .response(HeadMutation([.set("x-served", "10.0.0.1:8000")])))
      try await asked.finish()
    }
    #expect(server.connections == 1)
    try await eventually("streams end in order") { server.ended == 3 }
    let head = try #require(server.requests.first?.requestHeaders.headers.headers)
    #expect(head.prefix(4).map(\.key) == [":method", ":scheme", ":authority", ":path"])
    #expect(head.contains { $0.key == "x-test" })
    #expect(server.requests.first?.protocolConfig.requestBodyMode == .fullDuplexStreamed)
    try await server.stop()
  }

  @Test func aLongBodyComesInMessagesThatPickersTake() async throws {
    let server = try await ScriptedServer.start(Self.streaming)
    let body = String(repeating: "0123456789", count: 100_000)
    let asked = try await Asker([server.port]).ask(body)
    #expect(try await isPicked(asked.next()))
    let pieces = server.requests.compactMap { if case .requestBody(let body)? = $0.request { body } else { nil } }
    #expect(pieces.map(\.body).reduce(Data(), +) == Data(body.utf8))
    #expect(pieces.allSatisfy { $0.body.count <= 62_000 })
    #expect(pieces.map(\.endOfStream) == Array(repeating: false, count: pieces.count - 1) + [true])
    try await server.stop()
  }

  @Test func anEndpointThatCannotBeReachedLeavesTheRequestToAnother() async throws {
    let gone = try await ScriptedServer.start(Self.streaming)
    let port = gone.port
    try await gone.stop()
    let server = try await ScriptedServer.start(Self.streaming)
    let asker = try await Asker([port, server.port])
    for _ in 0..<4 { #expect(try await isPicked(asker.ask().next())) }
    #expect(server.connections == 1)
    try await server.stop()
  }

  @Test func aPickerThatFailsAgainAndAgainIsLeftAlone() async throws {
    let gone = try await ScriptedServer.start(Self.streaming)
    let port = gone.port
    try await gone.stop()
    let asker = try await Asker([port])
    for _ in 0..<3 {
      let reason = try await failure(asker.ask().next())
      #expect(reason?.contains("no connection to 127.0.0.1:\(port)") == true)
    }
    #expect(try await failure(asker.ask().next())?.contains("left alone") == true)
  }

  @Test func aServiceWithoutReadyEndpointsFailsAtOnce() async throws {
    #expect(try await failure(Asker([]).ask().next()) == "its Service has no ready endpoint")
  }

  @Test func aPickerThatLeavesIsAskedOverAnotherConnection() async throws {
    let server = try await ScriptedServer.start { request, stream in
      try Self.streaming(request, stream)
      if case .requestBody = request.request { stream.sendGoAway() }
    }
    let asker = try await Asker([server.port])
    let first = try await asker.ask()
    #expect(try await isPicked(first.next()))
    try await first.finish()
    try await eventually("a second connection") {
      let next = try await asker.ask()
      defer { _ = next }
      guard try await isPicked(next.next()) else { throw Failure("not picked") }
      try await next.finish()
      return server.connections > 1
    }
    try await server.stop()
  }

  @Test func aConnectionThatIsLostBeforeAnAnswerIsReplacedOnce() async throws {
    let dies = Mutex(1)
    let server = try await ScriptedServer.start { request, stream in
      let isLost = dies.withLock { dies in
        dies -= 1
        return dies >= 0
      }
      if isLost { stream.die() } else { try Self.streaming(request, stream) }
    }
    let asker = try await Asker([server.port])
    #expect(try await isPicked(asker.ask().next()))
    #expect(server.connections == 2)
    dies.withLock { $0 = 100 }
    #expect(try await failure(asker.ask().next()) != nil)
    try await server.stop()
  }

  @Test func aStreamThatIsResetOrEndsBadlyFails() async throws {
    let server = try await ScriptedServer.start { request, stream in
      guard case .requestBody = request.request else { return stream.head() }
      try stream.send(Replies.Reply())
      stream.reset()
    }
    #expect(try await failure(Asker([server.port]).ask().next()) == "it reset the stream")
    try await server.stop()
    let other = try await ScriptedServer.start { request, stream in
      if case .requestHeaders = request.request {
        stream.head()
        stream.end("14")
      }
    }
    #expect(try await failure(Asker([other.port]).ask().next()) == "it ended the stream with status 14 UNAVAILABLE")
    try await other.stop()
  }

  @Test func whatIsNoPickerIsNoPicker() async throws {
    let web = try TinyServer { _, connection in connection.answer("200 OK", body: "hello") }
    let reason = try await failure(Asker([Int(web.port)]).ask().next())
    #expect(reason?.contains("no connection to 127.0.0.1") == true, "\(reason ?? "-")")
    let plain = try await ScriptedServer.start(secure: false, Self.streaming)
    #expect(try await failure(Asker([plain.port]).ask().next()) != nil, "TLS is what it must speak")
    try await plain.stop()
  }
}
