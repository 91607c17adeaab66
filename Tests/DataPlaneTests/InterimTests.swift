import Foundation
import NIOCore
import NIOEmbedded
import Routing
import Synchronization
import Testing

@testable import DataPlane

/// Interim responses of endpoints.
@Suite struct InterimTests {
  typealias Rig = PipelineTests.Rig

  static let hints = "HTTP/1.1 103 Early Hints\r\nconnection: x-hop\r\nx-hop: 1\r\nlink: </a>\r\n\r\n"

  @Test func fieldsThatConnectionNamesDoNotPass() throws {
    let rig = try Rig()
    try rig.send(PipelineTests.request)
    try rig.answer(Self.hints + PipelineTests.response)
    let hints = "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"
    #expect(try rig.received(rig.client) == hints + PipelineTests.response)
  }

  /// An endpoint that says that it works has no more time for its answer than one that says nothing.
  @Test func theyDoNotMoveTheDeadlineOfTheFirstByte() throws {
    let rig = try Rig()
    try rig.send(PipelineTests.request)
    for _ in 0..<14 {
      rig.loop.advanceTime(by: .seconds(20))
      try rig.answer("HTTP/1.1 102 Processing\r\n\r\n")
    }
    rig.loop.advanceTime(by: .seconds(19))
    #expect(!(try rig.received(rig.client)).contains(" 504 "))
    rig.loop.advanceTime(by: .seconds(1))
    #expect(try rig.received(rig.client).hasPrefix("HTTP/1.1 504 "))
    #expect(!rig.upstreams[0].isActive && rig.states.inFlight == 0)
    #expect(rig.records.records.withLock { $0.map(\.error?.kind) } == [.responseTimeout])
  }

  @Test func anEndpointThatSendsNothingElseIsGivenUp() throws {
    let rig = try Rig()
    try rig.send(PipelineTests.request)
    for _ in 0...HTTP1ResponseReader.maximumInterims where rig.upstreams[0].isActive { try rig.answer(Self.hints) }
    let received = try rig.received(rig.client)
    #expect(received.components(separatedBy: "103 Early Hints").count - 1 == HTTP1ResponseReader.maximumInterims)
    #expect(received.contains("HTTP/1.1 502 ") && received.contains("too many interim responses"))
    #expect(!rig.upstreams[0].isActive && rig.upstreams.count == 1 && rig.states.inFlight == 0)
  }

  @Test func aClientOfHTTP10GetsNone() throws {
    let rig = try Rig()
    try rig.send("GET / HTTP/1.0\r\n\r\n")
    try rig.answer(Self.hints + PipelineTests.response)
    #expect(try rig.received(rig.client).hasPrefix("HTTP/1.1 200 "))
  }
}
