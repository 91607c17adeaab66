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
    let server = try await ScriptedServer.start(secure: secure, Replies.streaming)
    let asker = try await Asker([server.port], transport: secure ? .tls(nil) : .plain)
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
    let server = try await ScriptedServer.start(Replies.streaming)
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
    let gone = try await ScriptedServer.start(Replies.streaming)
    let port = gone.port
    try await gone.stop()
    let server = try await ScriptedServer.start(Replies.streaming)
    let asker = try await Asker([port, server.port])
    for _ in 0..<4 { #expect(try await isPicked(asker.ask().next())) }
    #expect(server.connections == 1)
    try await server.stop()
  }

  @Test func aPickerThatFailsAgainAndAgainIsLeftAlone() async throws {
    let gone = try await ScriptedServer.start(Replies.streaming)
    let port = gone.port
    try await gone.stop()
    let asker = try await Asker([port])
    for _ in 0..<3 {
      let reason = try await failure(asker.ask().next())
      #expect(reason?.contains("no connection to 127.0.0.1:\(port)") == true)
    }
    #expect(try await failure(asker.ask().next())?.contains("left alone") == true)
  }

  @Test func endpointsThatAreGoneAreForgotten() async throws {
    let gone = try await ScriptedServer.start(Replies.streaming)
    let port = gone.port
    try await gone.stop()
    let asker = try await Asker([port])
    #expect(try await failure(asker.ask().next()) != nil)
    func left(after nanoseconds: UInt64) async throws -> Int {
      try await asker.loop.submit {
        asker.clients.value.forget(now: asker.loop.now.uptimeNanoseconds + nanoseconds)
        return asker.clients.value.count
      }.get()
    }
    #expect(try await left(after: 0) == 1, "its failure is remembered")
    #expect(try await left(after: PickerBreaker.memory) == 0)
  }

  @Test func bodiesOnTheirWayToAPickerAndFromItAreCounted() async throws {
    let mayEnd = Mutex(false)
    let server = try await ScriptedServer.start { request, stream in
      switch request.request {
      case .requestHeaders: stream.head()
      case .requestBody(let body) where body.endOfStream:
        try stream.send(Replies.head())
        try stream.send(Replies.streamed(String(repeating: "x", count: 50_000), ends: mayEnd.withLock { $0 }))
      default: break
      }
    }
    let asker = try await Asker([server.port])
    let asked = try await asker.ask(String(repeating: "0", count: 100_000))
    try await eventually("the picker's own body is all that is kept") { try await asked.heldBytes == 50_000 }
    mayEnd.withLock { $0 = true }
    let other = try await asker.ask(String(repeating: "0", count: 100_000))
    #expect(try await isPicked(other.next()))
    #expect(try await other.heldBytes == 0)
    let silent = try await ScriptedServer.start { _, _ in }
    let waiting = try await Asker([silent.port]).ask(String(repeating: "0", count: 100_000))
    try await eventually("it is kept until the picker says something") { try await waiting.heldBytes > 100_000 }
    try await waiting.finish()
    #expect(try await waiting.heldBytes < 100_000)
    try await server.stop()
    try await silent.stop()
  }

  @Test func aServiceWithoutReadyEndpointsFailsAtOnce() async throws {
    #expect(try await failure(Asker([]).ask().next()) == "its Service has no ready endpoint")
  }

  @Test func aPickerThatLeavesIsAskedOverAnotherConnection() async throws {
    let server = try await ScriptedServer.start { request, stream in
      try Replies.streaming(request, stream)
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
      if isLost { stream.die() } else { try Replies.streaming(request, stream) }
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
    let plain = try await ScriptedServer.start(secure: false, Replies.streaming)
    #expect(try await failure(Asker([plain.port]).ask().next()) != nil, "TLS is what it must speak")
    try await plain.stop()
  }
}
