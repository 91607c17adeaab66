import Foundation
import NIOCore
import NIOHTTP1
import Routing
import TestSupport
import Testing

@testable import DataPlane

/// Addresses of IPv6 on both sides, and requests that wait or ask for no body, over real sockets.
@Suite(.timeLimit(.minutes(1))) struct AddressingLiveTests {
  /// Whether this machine has an address of IPv6 to itself.
  static let hasIPv6: Bool = {
    let descriptor = socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var name = sockaddr_in6()
    name.sin6_family = sa_family_t(AF_INET6)
    name.sin6_addr = in6addr_loopback
    return withUnsafePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in6>.size))
      }
    } == 0
  }()

  @Test("a listener and an endpoint of IPv6", .enabled(if: hasIPv6)) func ipv6() async throws {
    let upstream = try await TestUpstream.start(at: "::1") { $0.json("{}") }
    try await TestGateway.run(at: "::1") { gateway in
      let client = try await TestClient.connect("::1")
      try await client.send("GET /v1/files HTTP/1.1\r\nhost: [::1]:18080\r\n\r\n")
      #expect(try await client.receive { $0.hasSuffix("{}") }.hasPrefix("HTTP/1.1 200 "))
      let headers = try #require(upstream.requests.last).head.headers
      #expect(headers["host"] == ["[::1]:18080"] && headers["x-forwarded-host"] == ["[::1]:18080"])
      #expect(headers["x-forwarded-for"] == ["::1"])
      let record = try #require(await gateway.records.next())
      #expect(record.client == "::1" && record.listenerAddress == "::1")
      #expect(record.endpoint?.description == "[::1]:\(upstream.endpoint.port)")
      try await client.send("GET /v1/files HTTP/1.0\r\nconnection: keep-alive\r\n\r\n")
      #expect(try await client.receive { $0.hasSuffix("{}") }.hasPrefix("HTTP/1.1 200 "))
      #expect(upstream.requests.last?.head.headers["host"] == ["[::1]:\(upstream.endpoint.port)"])
      try await client.send("GET /v1/files HTTP/1.1\r\nhost: [2001:db8::1]\r\n\r\n")
      #expect(try await client.receive { $0.hasSuffix("{}") }.hasPrefix("HTTP/1.1 200 "))
      try await client.close()
    } makeTable: {
      TestGateway.makeTable(address: $0, endpoints: [upstream.endpoint], models: [:])
    }
    try await upstream.stop()
  }

  @Test("HEAD gets no body of an endpoint, and none of ours, and the connection goes on") func head() async throws {
    let upstream = try await TestUpstream.start { call in
      call.begin(["content-length": "5"])
      if call.head.method != .HEAD { call.write("hello") }
      call.end()
    }
    try await TestGateway.run(endpoints: [upstream.endpoint]) { gateway in
      let client = try await TestClient.connect(gateway.address)
      for (path, status) in [("/v1/files", "200 OK"), ("/nowhere", "404 Not Found")] {
        try await client.send("HEAD \(path) HTTP/1.1\r\nhost: x\r\n\r\n")
        let answer = try await client.receive { $0.contains("\r\n\r\n") }
        #expect(answer.hasPrefix("HTTP/1.1 \(status)\r\n") && answer.hasSuffix("\r\n\r\n"), "\(answer)")
        #expect(answer.contains("content-length: ") && !answer.contains("content-length: 0"), "\(answer)")
        try await client.send("GET /v1/files HTTP/1.1\r\nhost: x\r\n\r\n")
        #expect(try await client.receive { $0.hasSuffix("hello") }.hasPrefix("HTTP/1.1 200 OK\r\n"))
      }
      try await client.close()
    }
    try await upstream.stop()
  }

  @Test("a client that waits with its body is told to go on, or why not, and sends none then") func waiting()
    async throws
  {
    let upstream = try await TestUpstream.start { $0.json(#"{"got":"\#(String(buffer: $0.body))"}"#) }
    try await TestGateway.run(endpoints: [upstream.endpoint]) { gateway in
      let client = try await TestClient.connect(gateway.address)
      let head = "host: x\r\nexpect: 100-continue\r\ncontent-length: 5\r\n\r\n"
      try await client.send("POST /v1/files HTTP/1.1\r\ncontent-type: text/plain\r\n" + head)
      #expect(try await client.receive { $0.hasSuffix("\r\n\r\n") } == "HTTP/1.1 100 Continue\r\n\r\n")
      try await client.send("hello")
      #expect(try await client.receive { $0.hasSuffix("}") }.contains(#"{"got":"hello"}"#))
      #expect(upstream.requests.last?.head.headers["expect"] == [])
      try await client.send("POST /nowhere HTTP/1.1\r\n" + head)
      let refused = try await client.receiveUntilClosed()
      #expect(refused.hasPrefix("HTTP/1.1 404 ") && refused.contains("connection: close"), "\(refused)")
    }
    try await upstream.stop()
  }
}
