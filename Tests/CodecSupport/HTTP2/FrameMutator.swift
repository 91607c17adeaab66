package import TestSupport

/// Makes connections of HTTP/2 that are nearly right out of some that are right, as frames; the same ones for a seed.
package struct FrameMutator {
  package private(set) var draws: SeededGenerator
  private var frames: [RawFrame] = []
  /// What was made, without a client's preface.
  package private(set) var bytes: [UInt8] = []

  package init(_ draws: SeededGenerator) { self.draws = draws }

  /// A number from zero up to below the bound.
  package mutating func below(_ bound: Int) -> Int { bound <= 1 ? 0 : Int(draws.next() >> 33) % bound }

  /// Takes one of the connections and changes it in some places.
  package mutating func make(from connections: [[RawFrame]]) {
    frames = connections[below(connections.count)]
    // Others behind it, as if their requests were of the same connection.
    for _ in 0..<below(3) where below(2) == 0 { append(connections[below(connections.count)]) }
    for _ in 0..<below(6) { change() }
    if below(48) == 0 { flood() }
    bytes.removeAll(keepingCapacity: true)
    for frame in frames { frame.write(to: &bytes) }
    if below(12) == 0, !bytes.isEmpty { bytes[below(bytes.count)] ^= 1 << UInt8(below(8)) }
  }

  private mutating func append(_ others: [RawFrame]) {
    let last = frames.map(\.stream).max() ?? 0
    let shift = last == 0 || last > 1 << 20 ? 0 : (last + 1) & ~1
    for var frame in others where frame.kind != RawFrame.settings {
      if frame.stream > 0 { frame.stream &+= shift }
      frames.append(frame)
    }
  }

  private mutating func change() {
    guard !frames.isEmpty else { return }
    let place = below(frames.count)
    switch below(15) {
    case 0: frames.remove(at: place)
    case 1: frames.insert(frames[place], at: below(frames.count + 1))
    case 2: frames.swapAt(place, below(frames.count))
    case 3: frames[place].stream = oddStream(frames[place].stream)
    case 4: frames[place].kind = UInt8(below(12))
    case 5: frames[place].flags ^= 1 << UInt8(below(8))
    case 6, 7: changePayload(place)
    case 8: frames[place].claimed = max(0, frames[place].payload.count + below(40) - 20)
    case 9: splitHeaders(place)
    case 10: pad(place)
    default: frames.insert(usualFrame(), at: below(frames.count + 1))
    }
  }

  private mutating func oddStream(_ stream: UInt32) -> UInt32 {
    switch below(6) {
    case 0: 0
    case 1: stream &+ 1
    case 2: stream &+ 2
    case 3: stream | 1 << 31
    case 4: UInt32.max >> 1
    default: knownStream()
    }
  }

  private mutating func knownStream() -> UInt32 {
    frames.isEmpty ? 1 : frames[below(frames.count)].stream
  }

  private mutating func changePayload(_ place: Int) {
    var payload = frames[place].payload
    defer { frames[place].payload = payload }
    guard !payload.isEmpty else { return payload = [UInt8(below(256))] }
    let byte = below(payload.count)
    switch below(5) {
    case 0: payload[byte] ^= 1 << UInt8(below(8))
    case 1: payload[byte] = UInt8(below(256))
    case 2: payload.insert(UInt8(below(256)), at: byte)
    case 3: payload.removeSubrange(byte..<min(payload.count, byte + 1 + below(8)))
    default: payload.append(contentsOf: payload[byte...].prefix(1 + below(60)))
    }
  }

  /// The header list goes on in CONTINUATION.
  private mutating func splitHeaders(_ place: Int) {
    guard frames[place].kind == RawFrame.headers, frames[place].payload.count > 1 else { return }
    let cut = 1 + below(frames[place].payload.count - 1)
    let end = frames[place].flags & RawFrame.endHeaders
    let rest = Array(frames[place].payload[cut...])
    frames[place].payload.removeSubrange(cut...)
    frames[place].flags &= ~RawFrame.endHeaders
    frames.insert(
      RawFrame(RawFrame.continuation, flags: end, stream: frames[place].stream, rest), at: place + 1)
  }

  private mutating func pad(_ place: Int) {
    guard frames[place].kind <= RawFrame.headers, !frames[place].has(RawFrame.padded) else { return }
    let count = below(256)
    frames[place].payload = [UInt8(count)] + frames[place].payload + Array(repeating: 0, count: count)
    frames[place].flags |= RawFrame.padded
  }

  /// A frame that is right for itself.
  private mutating func usualFrame() -> RawFrame {
    let stream = knownStream()
    switch below(9) {
    case 0: return RawFrame(RawFrame.ping, flags: UInt8(below(2)), Array(repeating: UInt8(below(256)), count: 8))
    case 1: return RawFrame(RawFrame.settings, setting())
    case 2: return RawFrame(RawFrame.windowUpdate, stream: below(2) == 0 ? 0 : stream, RawFrame.bytes(increment()))
    case 3: return RawFrame(RawFrame.reset, stream: stream, RawFrame.bytes(UInt32(below(15))))
    case 4: return RawFrame(RawFrame.goAway, RawFrame.bytes(stream) + RawFrame.bytes(UInt32(below(15))))
    case 5: return RawFrame(RawFrame.priority, stream: stream, RawFrame.bytes(knownStream()) + [UInt8(below(256))])
    case 6: return RawFrame(RawFrame.data, flags: UInt8(below(2)), stream: stream)
    case 7:
      let size = [1, 100, 4_000, 16_384, 16_385][below(5)]
      return RawFrame(RawFrame.data, flags: UInt8(below(2)), stream: stream, Array(repeating: 0x20, count: size))
    default: return RawFrame(RawFrame.settings, flags: RawFrame.ack)
    }
  }

  private mutating func setting() -> [UInt8] {
    let value = [0, 1, 100, 16_383, 16_384, 65_535, 1 << 20, 0x7FFF_FFFF, UInt32.max][below(9)]
    return [0, UInt8(below(10))] + RawFrame.bytes(value)
  }

  private mutating func increment() -> UInt32 {
    [0, 1, 1_000, 65_535, 1 << 20, 0x7FFF_0000, 0x7FFF_FFFF][below(7)]
  }

  /// Some cheap thing, again and again.
  private mutating func flood() {
    let count = 50 + below(1_500)
    let place = below(frames.count + 1)
    let request = frames.first { $0.kind == RawFrame.headers && $0.has(RawFrame.endHeaders) }
    if below(3) == 0, let request {
      let last = frames.map(\.stream).filter { $0 < 1 << 20 }.max() ?? 0
      return frames += Self.resets(of: request, behind: last, count, ends: below(2) == 0, resets: below(4) > 0)
    }
    let frame = below(2) == 0 || place == frames.count ? usualFrame() : frames[place]
    // No more bytes than a client may send ahead for all requests, and some.
    let most = (5 << 18) / (frame.payload.count + 9)
    frames.insert(contentsOf: repeatElement(frame, count: min(count, most)), at: place)
  }

  /// Requests of which each may be taken back at once.
  private static func resets(
    of request: RawFrame, behind last: UInt32, _ count: Int, ends: Bool, resets: Bool
  ) -> [RawFrame] {
    (0..<count).flatMap { number in
      var begin = request
      begin.stream = (last | 1) &+ 2 &+ UInt32(2 * number)
      begin.flags = ends ? begin.flags | RawFrame.endStream : begin.flags & ~RawFrame.endStream
      let reset = RawFrame(RawFrame.reset, stream: begin.stream, RawFrame.bytes(8))
      return resets ? [begin, reset] : [begin]
    }
  }
}
