import CodecSupport
import NIOCore
import NIOEmbedded
import Routing
import Testing

@testable import DataPlane

/// Each row of the tables through the whole pipeline: what the client is told, and what becomes of the connection.
@Suite struct TablePipelineTests {
  typealias Rig = PipelineTests.Rig

  /// Endpoints that answer each request that reaches them whole.
  private struct Endpoints {
    private var readers: [HTTP1RequestReader] = []
    private var traces: [CodecTrace] = []

    /// What all of them have read.
    var messages: [CodecTrace.Message] { traces.flatMap(\.messages) }
    var hasFault: Bool { traces.contains { $0.fault != nil } }

    /// Answers until nothing more comes.
    mutating func serve(_ rig: Rig) throws {
      var index = 0
      while index < rig.upstreams.count {
        if index == readers.count {
          readers.append(HTTP1RequestReader(limits: HTTP1Limits()))
          traces.append(CodecTrace())
        }
        while let bytes = try rig.upstreams[index].readOutbound(as: ByteBuffer.self) { readers[index].receive(bytes) }
        let before = traces[index].messages.filter(\.isWhole).count
        traces[index].read(&readers[index])
        guard traces[index].messages.filter(\.isWhole).count > before else {
          index += 1
          continue
        }
        try rig.answer("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok", from: index)
      }
    }
  }

  /// What begins as HTTP/2 is served as that.
  private static let requests = CodecCase.requests.filter { !$0.bytes.starts(with: "PRI * HTTP/2.0".utf8) }

  @Test(arguments: requests) func request(_ row: CodecCase) throws {
    for pieces in [[ByteBuffer(bytes: row.bytes)], row.bytes.map { ByteBuffer(bytes: [$0]) }] {
      let rig = try Rig(messageLimits: CodecCase.limits)
      var endpoints = Endpoints()
      for piece in pieces where rig.client.isActive {
        try rig.client.writeInbound(piece)
        rig.loop.run()
        try endpoints.serve(rig)
      }
      #expect(statuses(try rig.received(rig.client)) == row.answers, "in \(pieces.count) pieces")
      // One that closes may wait for what its client is still sending.
      rig.loop.advanceTime(by: .seconds(3))
      #expect(rig.client.isActive == !(row.closes || CodecCase.isFault(row.outcome)), "in \(pieces.count) pieces")
      // Who is behind us reads the bodies that we read.
      let read = CodecTrace(requests: pieces, limits: CodecCase.limits).messages
      let served = read.prefix(row.answers.filter { $0 == 200 }.count).map(\.body)
      #expect(endpoints.messages.filter(\.isWhole).map(\.body) == served && !endpoints.hasFault)
    }
  }

  @Test(arguments: CodecCase.responses) func response(_ row: CodecCase) throws {
    for pieces in [[ByteBuffer(bytes: row.bytes)], row.bytes.map { ByteBuffer(bytes: [$0]) }] {
      let rig = try Rig(messageLimits: CodecCase.limits)
      try rig.send("\(row.isHead ? "HEAD" : "GET") / HTTP/1.1\r\nHost: x\r\n\r\n")
      let endpoint = try #require(rig.upstreams.first)
      for piece in pieces where endpoint.isActive { try endpoint.writeInbound(piece) }
      rig.loop.run()
      let isReusable = rig.context.pool.idleCount(rig.states.state(of: ExchangeTests.first.id)) == 1
      #expect(isReusable == row.keepsEndpoint, "in \(pieces.count) pieces")
      if endpoint.isActive { try endpoint.close().wait() }
      rig.loop.run()
      let received = CodecTrace(response: [try rig.received(rig.client)].map(ByteBuffer.init), isHead: row.isHead)
      #expect(received.fault == nil && rig.upstreams.count == 1)
      expect(row, received, isOpen: rig.client.isActive)
    }
  }

  private func expect(_ row: CodecCase, _ received: CodecTrace, isOpen: Bool) {
    let answer = received.messages.last
    switch row.ending {
    case .refused: #expect(answer?.start == "HTTP/1.1 502" && answer?.isWhole == true && isOpen)
    case .cutShort: #expect(answer?.start == "HTTP/1.1 200" && answer?.isWhole == false && !isOpen)
    case .whole:
      #expect(answer?.isWhole == true && isOpen)
      guard case .reads(let text) = row.outcome, let last = text.split(separator: " | ").last else { return }
      // Behind the version, which is the gateway's own.
      #expect(answer?.start.dropFirst(8) == last.prefix(12).dropFirst(8))
    }
  }

  /// The statuses of the responses, each of which has a length; 0 for what is none.
  private func statuses(_ text: String) -> [Int] {
    var (rest, statuses) = (text[...], [Int]())
    while let end = rest.firstRange(of: "\r\n\r\n") {
      let head = rest[..<end.lowerBound]
      statuses.append(head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0)
      let length = head.firstMatch(of: /content-length: ([0-9]+)/).flatMap { Int($0.output.1) } ?? 0
      guard rest[end.upperBound...].utf8.count >= length else { return statuses + [0] }
      rest = rest[end.upperBound...]
      rest = rest[rest.utf8.index(rest.startIndex, offsetBy: length)...]
      // An interim response is no answer.
      if statuses.last == 100 { statuses.removeLast() }
    }
    return rest.isEmpty ? statuses : statuses + [0]
  }
}

extension CodecCase {
  /// How the client's response ends, whose endpoint sends this.
  fileprivate enum Ending { case whole, cutShort, refused }

  fileprivate var ending: Ending {
    switch outcome {
    case .reads: .whole
    case .waits(let text): text.isEmpty ? .refused : .cutShort
    case .refuses(.unasked): .whole
    case .refuses:
      switch kind {
      case .chunkSize, .chunkExtension, .chunkEnd, .trailer: .cutShort
      default: .refused
      }
    }
  }

  /// Whether the endpoint's connection may serve another request.
  fileprivate var keepsEndpoint: Bool {
    guard case .reads = outcome else { return false }
    return kind != .untilClose && !closes
  }
}
