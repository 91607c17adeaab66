import Foundation
import NIOCore
import Routing
import TestSupport
import Testing

@testable import DataPlane

/// A client that is not ours: curl, over HTTP/1.1 and 2, in clear and inside TLS.
@Suite(.timeLimit(.minutes(1)), .enabled(if: isInstalled("openssl") && isInstalled("curl"))) struct CurlTests {
  /// What curl prints, with the version and the status behind it.
  private static func curl(_ arguments: [String]) async throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: tool("curl") ?? "")
    process.arguments =
      ["--silent", "--show-error", "--max-time", "30", "--write-out", " %{http_version} %{http_code}"] + arguments
    process.standardOutput = output
    process.standardError = output
    try process.run()
    return await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        continuation.resume(returning: text)
      }
    }
  }

  @Test func overTLS() async throws {
    let upstream = try await TestUpstream.start { $0.json($0.body.readableBytes > 0 ? "posted" : "got") }
    let files = try TestCertificates.shared.get()
    try await TestGateway.run(certificates: TLSTests.store(["shop": "shop", "api": "api"])) { gateway in
      let port = TestGateway.port
      let usual =
        ["shop.example", "api.example"].flatMap { ["--resolve", "\($0):\(port):\(gateway.address)"] }
        + ["--cacert", files.path("ca.pem")]
      let url = "https://shop.example:\(port)/v1/files"
      #expect(try await Self.curl(usual + ["--http2", url]) == "got 2 200")
      #expect(try await Self.curl(usual + ["--http1.1", url]) == "got 1.1 200")
      #expect(try await Self.curl(usual + ["--tlsv1.2", "--tls-max", "1.2", url]) == "got 2 200")
      #expect(
        try await Self.curl(usual + ["--http2", "--data", "{}", "-H", "content-type: application/json", url])
          == "posted 2 200")
      #expect(try await Self.curl(usual + ["-H", "host: api.example", "-o", "/dev/null", url]) == " 2 421")
      // Two hosts whose certificates differ are two connections.
      let both = try await Self.curl(usual + [url, "https://api.example:\(port)/v1/files"])
      #expect(both == "got 2 200got 2 200")
      #expect(try await Self.curl(usual + ["--http2", "-I", "-o", "/dev/null", url]) == " 2 200")
    } makeTable: {
      TLSTests.table(
        $0, upstream.endpoint, [("shop.example", TLSTests.https("shop")), ("api.example", TLSTests.https("api"))])
    }
    try await upstream.stop()
  }

  @Test func inClear() async throws {
    let upstream = try await TestUpstream.start { $0.json("got") }
    try await TestGateway.run(endpoints: [upstream.endpoint]) { gateway in
      let url = "http://\(gateway.address):\(TestGateway.port)/v1/files"
      let known = try await Self.curl(["--http2-prior-knowledge", url])
      #expect(known == "got 2 200")
      // What curl asks with Upgrade is answered in HTTP/1.1.
      for option in ["--http1.1", "--http2"] {
        let answer = try await Self.curl([option, url])
        #expect(answer == "got 1.1 200", "\(option)")
      }
    }
    try await upstream.stop()
  }

  @Test func aLargeUploadAndALargeDownload() async throws {
    let large = String(repeating: "z", count: 8 << 20)
    let upstream = try await TestUpstream.start { $0.json($0.body.readableBytes == large.utf8.count ? large : "?") }
    try await TestGateway.run(endpoints: [upstream.endpoint]) { gateway in
      try await withTemporaryPath { path in
        try large.write(toFile: path, atomically: true, encoding: .utf8)
        let url = "http://\(gateway.address):\(TestGateway.port)/v1/files"
        let answer = try await Self.curl(["--http2-prior-knowledge", "--data-binary", "@\(path)", url])
        #expect(answer == large + " 2 200")
      }
    }
    try await upstream.stop()
  }
}
