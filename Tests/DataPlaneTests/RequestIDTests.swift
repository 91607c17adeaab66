import NIOCore
import Routing
import TestSupport
import Testing

@testable import DataPlane

/// Every request has a name: the endpoint is told it, and every answer tells it.
@Suite struct RequestIDTests {
  private static let made = "00000000-0000-8001-8000-000000000002"

  private func text(_ given: String...) -> String {
    let head = RequestHead(method: "GET", path: "/", fields: given.map { ("X-Request-Id", $0) })
    let id = RequestID(loop: 1, number: 2)
    var written = ByteBuffer()
    id.write(for: head.block, into: &written)
    #expect(String(buffer: written) == id.text(for: head.block))
    return id.text(for: head.block)
  }

  @Test func aClientsNameIsKeptIfItIsOne() {
    for given in [
      "0198c1f2-7a3b-7c4d-8e5f-60718293a4b5", "01J9ZC3QX4T5V6W7Y8Z9ABCDEF", "4bf92f3577b34da6a3ce929d0e0e4736",
      "a_16_characters_", String(repeating: "x", count: 64),
    ] { #expect(text(given) == given) }
    for given in ["", "short", String(repeating: "x", count: 65), "with a blank in it", "<script>alert(1)</script>"] {
      #expect(text(given) == Self.made)
    }
    #expect(text("0198c1f2-7a3b-7c4d-8e5f-60718293a4b5", "0198c1f2-7a3b-7c4d-8e5f-60718293a4b6") == Self.made)
    #expect(text() == Self.made)
  }

  @Test func namesDifferAndAreUUIDsOfVersion8() {
    var names: Set<String> = []
    for number: UInt64 in 0..<1000 { names.insert(RequestID(loop: .max, number: number).text(for: FieldBlock())) }
    #expect(names.count == 1000)
    #expect(names.allSatisfy { $0.wholeMatch(of: /ffffffff-ffff-8fff-8000-0{9}[0-9a-f]{3}/) != nil })
  }

  private func name(in text: String) -> Substring? {
    text.firstMatch(of: /x-request-id: ([^\r]*)\r\n/.ignoresCase())?.1
  }

  private func exchange(_ rig: PipelineTests.Rig, _ fields: String = "") throws -> (Substring?, Substring?) {
    try rig.send(PipelineTests.request.replacing("Host: x\r\n", with: "Host: x\r\n" + fields))
    let sent = name(in: try rig.raw(try #require(rig.upstreams.first)))
    try rig.answer("HTTP/1.1 200 OK\r\nx-request-id: of-the-endpoint\r\ncontent-length: 0\r\n\r\n")
    return (sent, name(in: try rig.raw(rig.client)))
  }

  @Test func theEndpointAndTheClientAreToldTheSame() throws {
    let rig = try PipelineTests.Rig()
    let (sent, answered) = try exchange(rig)
    #expect(sent != nil && sent == answered)
    let (second, secondAnswered) = try exchange(rig)
    #expect(second != sent && second == secondAnswered)
    let given = "0198c1f2-7a3b-7c4d-8e5f-60718293a4b5"
    #expect(try exchange(rig, "X-Request-ID: \(given)\r\n") == (given[...], given[...]))
  }

  @Test(arguments: [
    "GET / HTTP/1.1\r\nhost: x\r\nbad name: 1\r\n\r\n",
    "POST /v1/completions HTTP/1.1\r\nhost: x\r\ncontent-length: 19\r\n\r\n{\"model\":\"unknown\"}",
  ])
  func errorsAreToldItToo(_ request: String) throws {
    let rig = try PipelineTests.Rig()
    try rig.send(request)
    #expect(name(in: try rig.raw(rig.client))?.count == 36)
  }
}
