import Foundation
import KubernetesClient
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct CurlTransportTests {
  private func text(_ response: HTTPResponse) async throws -> String {
    String(decoding: try await response.collect(upTo: 1 << 20), as: UTF8.self)
  }

  @Test func aRequestGoesOutAndItsAnswerComesBack() async throws {
    let server = try TinyServer { request, connection in
      connection.answer("201 Created", headers: ["X-Two: a", "x-two: b", "X-Space:   padded  "], body: request.body)
    }
    let transport = try CurlTransport()
    let response = try await transport.send(
      HTTPRequest(
        method: "PATCH", url: server.url + "/path?q=1", headers: ["Content-Type": "a/b", "X-Mine": "1"],
        body: Array("hällo".utf8)))
    #expect(response.status == 201)
    #expect(response.headers["X-TWO"] == "a")
    #expect(response.headers.fields.filter { $0.name.lowercased() == "x-two" }.map(\.value) == ["a", "b"])
    #expect(response.headers["x-space"] == "padded")
    #expect(try await text(response) == "hällo")
    let request = try #require(server.requests.first)
    #expect(request.method == "PATCH")
    #expect(request.target == "/path?q=1")
    #expect(request.head.contains("X-Mine: 1\r\n") && request.head.contains("Content-Type: a/b\r\n"))
    #expect(!request.head.contains("Expect:"))
  }

  @Test(arguments: ["GET", "DELETE", "POST", "PUT", "HEAD"])
  func everyMethodWorksWithoutABody(method: String) async throws {
    let server = try TinyServer { _, connection in connection.answer("204 No Content") }
    let response = try await CurlTransport().keeping { try await $0.send(HTTPRequest(method: method, url: server.url)) }
    #expect(response.status == 204)
    #expect(server.requests.map(\.method) == [method])
  }

  @Test func theBodyStreamsWhileTheServerStillWrites() async throws {
    let gate = DispatchSemaphore(value: 0)
    let server = try TinyServer { _, connection in
      connection.beginStream()
      connection.write("one")
      gate.wait()
      connection.write("two")
    }
    let transport = try CurlTransport()
    var chunks = try await transport.send(HTTPRequest(url: server.url)).body.makeAsyncIterator()
    #expect(try await chunks.next() == Array("one".utf8))
    gate.signal()
    #expect(try await chunks.next() == Array("two".utf8))
    #expect(try await chunks.next() == nil)
    #expect(try await chunks.next() == nil)
  }

  /// Pausing and going on must neither lose nor double a byte, however small the buffer.
  @Test(arguments: [1, 20_000, 256 << 10])
  func aSlowReaderGetsEveryByte(buffer: Int) async throws {
    var generator = SeededGenerator(1)
    let sent = (0..<(1 << 20)).flatMap { _ in withUnsafeBytes(of: generator.next(), Array.init) }
    let server = try TinyServer { _, connection in
      connection.beginStream()
      connection.write(sent)
    }
    let transport = try CurlTransport(maximumBufferedBytes: buffer)
    var received: [UInt8] = []
    for try await chunk in try await transport.send(HTTPRequest(url: server.url)).body {
      await Task.yield()
      received += chunk
    }
    #expect(received.count == sent.count)
    let isSame = received == sent
    #expect(isSame)
  }

  @Test func manyRequestsAtOnceAllComeBack() async throws {
    let server = try TinyServer { request, connection in connection.answer("200 OK", body: request.target) }
    let transport = try CurlTransport()
    let url = server.url
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for number in 0..<50 {
        group.addTask {
          let response = try await transport.send(HTTPRequest(url: "\(url)/\(number)"))
          return try await response.collect(upTo: 100) == Array("/\(number)".utf8)
        }
      }
      for try await isRight in group { #expect(isRight) }
    }
  }

  @Test func aBodyLongerThanWantedIsRefused() async throws {
    let server = try TinyServer { _, connection in connection.answer("200 OK", body: "12345") }
    let transport = try CurlTransport()
    let response = try await transport.send(HTTPRequest(url: server.url))
    await #expect(throws: HTTPTransportError.bodyTooLarge(limit: 4)) { try await response.collect(upTo: 4) }
  }
}

extension CurlTransport {
  /// Keeps the transport until `work` is done.
  func keeping<Result>(_ work: (CurlTransport) async throws -> Result) async throws -> Result {
    try await work(self)
  }
}
