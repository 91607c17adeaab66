import Foundation
import Routing
import SwiftProtobuf
import TestSupport
import Testing

@testable import ExternalProcessing

/// What pickers see of the bodies of responses, over sockets.
@Suite(.timeLimit(.minutes(1))) struct ResponseBodyTests {
  /// A picker that answers each piece without saying anything, as the reference does, and a request that is picked for.
  private func picked(hasBody: Bool = true) async throws -> (ScriptedServer, Asked) {
    let server = try await ScriptedServer.start { request, stream in
      try Replies.streaming(request, stream)
      if case .responseBody = request.request { try stream.send(.with { $0.responseBody = .init() }) }
    }
    let asked = try await Asker([server.port]).ask()
    guard case .picked = try await asked.next() else { throw Failure("not picked") }
    try await asked.showResponse(hasBody: hasBody)
    guard case .response = try await asked.next() else { throw Failure("the head is not answered") }
    return (server, asked)
  }

  private func shown(_ server: ScriptedServer) -> [Envoy_Service_ExtProc_V3_HttpBody] {
    server.requests.compactMap { if case .responseBody(let body)? = $0.request { body } else { nil } }
  }

  @Test func aWholeBodyIsShownInOrderAndHasAnEnd() async throws {
    let (server, asked) = try await picked()
    let pieces = ["a", String(repeating: "b", count: 300_000), "c"]
    try await asked.showResponseBody(pieces, ends: true)
    try await asked.finish()
    try await eventually("the stream ends in order") { server.ended == 1 }
    let shown = shown(server)
    #expect(shown.map(\.body).reduce(Data(), +) == Data(pieces.joined().utf8))
    #expect(shown.allSatisfy { $0.body.count <= 62_000 })
    #expect(shown.map(\.endOfStream) == Array(repeating: false, count: shown.count - 1) + [true])
    try await server.stop()
  }

  @Test func whatThePickerDoesNotTakeAtOnceIsHeldUntilItDoes() async throws {
    let (server, asked) = try await picked()
    let pieces = (0..<8).map { String(repeating: "\($0)", count: 100_000) }
    try await asked.showResponseBody(pieces, ends: false)
    let whole = Data(pieces.joined().utf8)
    try await eventually("all of it is shown") { shown(server).reduce(0) { $0 + $1.body.count } == whole.count }
    #expect(shown(server).map(\.body).reduce(Data(), +) == whole)
    #expect(try await asked.heldBytes == 0)
    try await asked.finish()
    try await eventually("the stream ends in order") { server.ended == 1 }
    #expect(!shown(server).contains { $0.endOfStream }, "a body that was cut short has no end")
    try await server.stop()
  }

  @Test func aPickerThatIsSlowerThanTheClientIsShownNoMore() async throws {
    let (server, asked) = try await picked()
    try await asked.showResponseBody(Array(repeating: String(repeating: "x", count: 100_000), count: 20), ends: true)
    guard case .failed(let reason) = try await asked.next() else { throw Failure("the picker has not failed") }
    #expect(reason == "it takes the response's body too slowly")
    #expect(try await asked.heldBytes == 0)
    try await asked.finish()
    #expect(!shown(server).contains { $0.endOfStream })
    try await server.stop()
  }

  @Test func aResponseWithoutABodyEndsWithItsHead() async throws {
    let (server, asked) = try await picked(hasBody: false)
    try await asked.showResponseBody([], ends: true)
    try await asked.finish()
    try await eventually("the stream ends in order") { server.ended == 1 }
    #expect(
      server.requests.contains { if case .responseHeaders(let head)? = $0.request { head.endOfStream } else { false } })
    #expect(shown(server).isEmpty)
    try await server.stop()
  }
}
