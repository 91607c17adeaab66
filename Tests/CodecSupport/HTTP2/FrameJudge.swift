import NIOCore
import NIOHPACK

/// Reads what the gateway sends to a client of HTTP/2, and says what no client should ever see.
package struct FrameJudge {
  /// What came for one request.
  package struct Answer: Equatable {
    package var statuses: [String] = []
    package var bodyBytes = 0
    package var trailers = 0
    package var hasEnded = false
    package var reset: UInt32?

    package init() {}

    /// A whole answer.
    package init(status: String, bodyBytes: Int) {
      (statuses, self.bodyBytes, hasEnded) = ([status], bodyBytes, true)
    }

    fileprivate var hasFinalHead: Bool { statuses.contains { !$0.hasPrefix("1") } }
  }

  package private(set) var answers: [UInt32: Answer] = [:]
  package private(set) var goAways: [UInt32] = []
  package private(set) var pongs = 0
  package private(set) var settingsAcks = 0
  /// Bytes of all bodies.
  package private(set) var dataBytes = 0
  /// What was wrong.
  package private(set) var fault: String?
  private var rest: [UInt8] = []
  private var block: (stream: UInt32, flags: UInt8, bytes: [UInt8])?
  private var decoder = HPACKDecoder(allocator: ByteBufferAllocator())

  package init() {
    // The gateway tells of a table as large as the client allows, and makes a small one.
    decoder.maxDynamicTableLength = Int(UInt32.max)
  }

  /// Takes bytes that came.
  package mutating func take(_ bytes: some Sequence<UInt8>) {
    rest.append(contentsOf: bytes)
    let (frames, left) = RawFrame.read(rest[...])
    rest = Array(left)
    for frame in frames where fault == nil { take(frame) }
  }

  private mutating func take(_ frame: RawFrame) {
    if let block, frame.kind != RawFrame.continuation || frame.stream != block.stream {
      return fault = "a frame stands within a header list"
    }
    if frame.stream != 0 { checkStream(frame) }
    switch frame.kind {
    case RawFrame.headers: begin((frame.stream, frame.flags, frame.payload))
    case RawFrame.continuation:
      guard let begun = block else { return fault = "CONTINUATION of nothing" }
      begin((begun.stream, begun.flags | frame.flags, begun.bytes + frame.payload))
    case RawFrame.data: takeData(frame)
    case RawFrame.reset:
      answers[frame.stream, default: Answer()].reset = frame.payload.reduce(0) { $0 << 8 | UInt32($1) }
    case RawFrame.settings where frame.has(RawFrame.ack): settingsAcks += 1
    case RawFrame.ping where frame.has(RawFrame.ack): pongs += 1
    case RawFrame.goAway: goAways.append(frame.payload.dropFirst(4).prefix(4).reduce(0) { $0 << 8 | UInt32($1) })
    case RawFrame.settings, RawFrame.ping, RawFrame.windowUpdate: break
    default: fault = "a frame of kind \(frame.kind)"
    }
  }

  private mutating func checkStream(_ frame: RawFrame) {
    // The library answers a client that begins an even one with a reset of it.
    if frame.stream % 2 == 0, frame.kind != RawFrame.reset {
      return fault = "a frame on stream \(frame.stream), which no client began"
    }
    guard let answer = answers[frame.stream] else { return }
    // The library answers what comes late with a reset of its own.
    if answer.reset != nil, frame.kind != RawFrame.reset {
      return fault = "frame \(frame.kind) behind the reset of stream \(frame.stream)"
    }
    guard answer.hasEnded, frame.kind != RawFrame.reset, frame.kind != RawFrame.windowUpdate else { return }
    fault = "frame \(frame.kind) behind the end of stream \(frame.stream)"
  }

  private mutating func begin(_ list: (stream: UInt32, flags: UInt8, bytes: [UInt8])) {
    block = list
    guard list.flags & RawFrame.endHeaders != 0 else { return }
    block = nil
    var bytes = ByteBuffer(bytes: list.bytes)
    do {
      take(try decoder.decodeHeaders(from: &bytes), list.stream, ends: list.flags & RawFrame.endStream != 0)
    } catch {
      fault = "a header list that is none: \(error)"
    }
  }

  private mutating func take(_ fields: HPACKHeaders, _ stream: UInt32, ends: Bool) {
    var answer = answers[stream] ?? Answer()
    defer { answers[stream] = answer }
    answer.hasEnded = ends
    let statuses = fields[":status"]
    if answer.hasFinalHead {
      answer.trailers += 1
      if !statuses.isEmpty || !ends { fault = "a second head, or a trailer that does not end stream \(stream)" }
    } else if statuses.count != 1 {
      fault = "a head with \(statuses.count) statuses on stream \(stream)"
    } else {
      answer.statuses += statuses
      if statuses[0].hasPrefix("1"), ends { fault = "stream \(stream) ends with an interim response" }
    }
  }

  private mutating func takeData(_ frame: RawFrame) {
    guard answers[frame.stream]?.hasFinalHead == true else {
      return fault = "a body without a head on stream \(frame.stream)"
    }
    dataBytes += frame.payload.count
    answers[frame.stream]?.bodyBytes += frame.payload.count
    if frame.has(RawFrame.endStream) { answers[frame.stream]?.hasEnded = true }
  }
}
