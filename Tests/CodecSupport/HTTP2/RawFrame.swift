/// A frame of HTTP/2 as bytes, which may be none that the protocol allows.
package struct RawFrame: Equatable {
  package var kind: UInt8
  package var flags: UInt8
  package var stream: UInt32
  package var payload: [UInt8]
  /// The length that its head tells, where that is not the payload's.
  package var claimed: Int?

  package init(_ kind: UInt8, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = []) {
    (self.kind, self.flags, self.stream, self.payload) = (kind, flags, stream, payload)
  }

  package static let data: UInt8 = 0
  package static let headers: UInt8 = 1
  package static let priority: UInt8 = 2
  package static let reset: UInt8 = 3
  package static let settings: UInt8 = 4
  package static let push: UInt8 = 5
  package static let ping: UInt8 = 6
  package static let goAway: UInt8 = 7
  package static let windowUpdate: UInt8 = 8
  package static let continuation: UInt8 = 9

  package static let endStream: UInt8 = 1
  /// Of SETTINGS and PING.
  package static let ack: UInt8 = 1
  package static let endHeaders: UInt8 = 4
  package static let padded: UInt8 = 8

  /// What a client sends before its frames.
  package static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

  /// Appends the bytes.
  package func write(to bytes: inout [UInt8]) {
    let length = claimed ?? payload.count
    bytes += [UInt8(truncatingIfNeeded: length >> 16), UInt8(truncatingIfNeeded: length >> 8)]
    bytes += [UInt8(truncatingIfNeeded: length), kind, flags]
    bytes += Self.bytes(stream)
    bytes += payload
  }

  /// The frames of bytes that hold whole ones; behind them the bytes of one that is not whole.
  package static func read(_ bytes: ArraySlice<UInt8>) -> (frames: [RawFrame], rest: ArraySlice<UInt8>) {
    var (frames, rest) = ([RawFrame](), bytes)
    while rest.count >= 9 {
      let head = Array(rest.prefix(9))
      let length = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
      guard rest.count >= 9 + length else { break }
      let stream = head[5...].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      frames.append(
        RawFrame(head[3], flags: head[4], stream: stream, Array(rest.dropFirst(9).prefix(length))))
      rest = rest.dropFirst(9 + length)
    }
    return (frames, rest)
  }

  /// How long the first frame of bytes is.
  package static func length(of bytes: ArraySlice<UInt8>) -> Int {
    9 + bytes.prefix(3).reduce(0) { $0 << 8 | Int($1) }
  }

  /// A number as four bytes.
  package static func bytes(_ number: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> UInt32($0)) }
  }

  /// Whether a flag is set.
  package func has(_ flag: UInt8) -> Bool { flags & flag != 0 }
}
