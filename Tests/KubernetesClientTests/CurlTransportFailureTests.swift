import Foundation
import KubernetesClient
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct CurlTransportFailureTests {
  private func failure(_ work: () async throws -> Void) async -> HTTPTransportError? {
    do {
      try await work()
      return nil
    } catch {
      return error as? HTTPTransportError
    }
  }

  @Test func nobodyListeningMeansThatNothingWasSent() async throws {
    let url: String
    do {
      let server = try TinyServer { _, _ in }
      url = server.url
    }
    let transport = try CurlTransport()
    let error = await failure { _ = try await transport.send(HTTPRequest(url: url)) }
    #expect(error?.nothingWasSent == true, "\(String(describing: error))")
  }

  @Test func aServerThatHangsUpIsALostConnection() async throws {
    let server = try TinyServer { _, _ in }
    let transport = try CurlTransport()
    let error = await failure { _ = try await transport.send(HTTPRequest(url: server.url)) }
    guard case .connectionLost = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func aBodyThatBreaksOffIsNoEnd() async throws {
    let server = try TinyServer { _, connection in
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
    }
    let transport = try CurlTransport()
    let response = try await transport.send(HTTPRequest(url: server.url))
    let error = await failure { _ = try await response.collect(upTo: 100) }
    guard case .connectionLost = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func silenceIsAStallBeforeAndAfterTheHead() async throws {
    let server = try TinyServer { request, connection in
      if request.target == "/late" { connection.beginStream() }
      connection.waitForClose()
    }
    let transport = try CurlTransport()
    let early = await failure {
      _ = try await transport.send(HTTPRequest(url: server.url + "/early", stallTimeout: .milliseconds(50)))
    }
    #expect(early == .stalled(.milliseconds(50)))
    let response = try await transport.send(HTTPRequest(url: server.url + "/late", stallTimeout: .milliseconds(300)))
    #expect(await failure { _ = try await response.collect(upTo: 1) } == .stalled(.milliseconds(300)))
  }

  @Test func theWholeExchangeHasItsBound() async throws {
    let server = try TinyServer { _, connection in connection.waitForClose() }
    let transport = try CurlTransport()
    let error = await failure { _ = try await transport.send(HTTPRequest(url: server.url, timeout: .milliseconds(50))) }
    guard case .timedOut = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func cancellingHangsUp() async throws {
    let arrived = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let closed = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let server = try TinyServer { _, connection in
      arrived.continuation.yield()
      connection.waitForClose()
      closed.continuation.yield()
    }
    let transport = try CurlTransport()
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        await #expect(throws: CancellationError.self) { try await transport.send(HTTPRequest(url: server.url)) }
      }
      for await _ in arrived.stream { break }
      group.cancelAll()
    }
    for await _ in closed.stream { break }
  }

  @Test func lettingGoOfTheBodyHangsUp() async throws {
    let closed = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let server = try TinyServer { _, connection in
      connection.beginStream()
      connection.waitForClose()
      closed.continuation.yield()
    }
    let transport = try CurlTransport()
    _ = try await transport.send(HTTPRequest(url: server.url))
    for await _ in closed.stream { break }
  }

  @Test func theEndOfTheTransportEndsWhatIsOpen() async throws {
    let server = try TinyServer { _, connection in
      connection.beginStream()
      connection.waitForClose()
    }
    let response = try await CurlTransport().keeping { try await $0.send(HTTPRequest(url: server.url)) }
    #expect(await failure { _ = try await response.collect(upTo: 1) } == .shutDown)
  }

  @Test(arguments: ["http://[::1", "ftp://127.0.0.1/", "no url at all"])
  func whatIsNoRequestIsNotSent(url: String) async throws {
    let transport = try CurlTransport()
    let error = await failure { _ = try await transport.send(HTTPRequest(url: url)) }
    guard case .invalidRequest = error else {
      Issue.record("\(url): \(String(describing: error))")
      return
    }
  }

  @Test func aHeaderCannotBringAnotherOneAlong() async throws {
    let server = try TinyServer { _, connection in connection.answer("200 OK") }
    let transport = try CurlTransport()
    let request = HTTPRequest(url: server.url, headers: ["A": "b\r\nEvil: 1"])
    guard case .invalidRequest = await failure({ _ = try await transport.send(request) }) else {
      Issue.record("was sent")
      return
    }
    #expect(server.requests.isEmpty)
  }
}
