import NIOCore
import TestSupport
import Testing

@testable import DataPlane

/// Events pass whole, however their bytes are cut.
@Suite struct EventBoundaryTests {
  /// Where the last whole event of a stream ends, found by looking at all of it.
  private static func lastEnd(_ bytes: [UInt8]) -> Int {
    let ends: [[UInt8]] = [[10, 10], [10, 13, 10], [13, 13]]
    return (0...bytes.count).last { count in ends.contains { bytes[..<count].suffix($0.count) == $0[...] } } ?? 0
  }

  /// What has passed after each piece is what is whole by then; and what is held is what is not.
  private func check(_ bytes: [UInt8], cuts: [Int]) {
    var boundary = EventBoundary()
    var passed: [UInt8] = []
    var start = 0
    for cut in cuts + [bytes.count] {
      if let piece = boundary.take(ByteBuffer(bytes: bytes[start..<cut])) { passed += Array(buffer: piece) }
      start = cut
      #expect(passed == Array(bytes[..<Self.lastEnd(Array(bytes[..<cut]))]), "\(bytes) cut at \(cuts)")
      #expect(!boundary.isInside)
    }
    if let rest = boundary.finish() { passed += Array(buffer: rest) }
    #expect(passed == bytes, "\(bytes) cut at \(cuts)")
  }

  @Test(arguments: ["data: a\n\ndata: b\n\n", "data: a\r\n\r\nid: 1\r\n\r\n", "a\r\rb\r\r", "\n\n\na\n\r\n\r\nb\r\n\n"])
  func everyPairOfCutsPassesTheSame(_ text: String) {
    let bytes = Array(text.utf8)
    for first in 0...bytes.count {
      for second in first...bytes.count { check(bytes, cuts: [first, second]) }
    }
    check(bytes, cuts: Array(1..<bytes.count))
  }

  @Test(arguments: 1...200) func anyStreamCutAnywherePassesTheSame(_ seed: UInt64) {
    var generator = SeededGenerator(seed)
    let parts = ["\n", "\r", "\r\n", "a", "data: x", "\n\n"]
    let text = (0..<40).map { _ in parts.randomElement(using: &generator) ?? "" }.joined()
    let bytes = Array(text.utf8)
    let cuts = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
      Int.random(in: 0...bytes.count, using: &generator)
    }
    check(bytes, cuts: cuts.sorted())
  }

  /// Looking at all of it for each byte would be two thousand million looks.
  @Test(.timeLimit(.minutes(1))) func aLongEventInChunksOfAByteCostsWhatItsBytesCost() {
    var boundary = EventBoundary()
    for _ in 0..<EventBoundary.heldLimit {
      let passed = boundary.take(ByteBuffer(string: "x"))
      #expect(passed == nil)
    }
    let passed = boundary.take(ByteBuffer(string: "\n"))
    #expect(passed?.readableBytes == EventBoundary.heldLimit + 1 && boundary.isInside)
    // Its end is found although the line before it has passed already.
    _ = boundary.take(ByteBuffer(string: "\n"))
    #expect(!boundary.isInside)
  }

  @Test func thePartOfAnEventDoesNotKeepTheBufferThatItCameIn() throws {
    var boundary = EventBoundary()
    var read = ByteBufferAllocator().buffer(capacity: 64 << 10)
    read.writeString("data: a\n\ndata: b")
    _ = boundary.take(read)
    #expect(boundary.held.readableBytes == 7 && boundary.held.storageCapacity <= 64)
    for _ in 0..<1000 {
      _ = boundary.take(ByteBuffer(repeating: 0x61, count: 1000))
      #expect(boundary.held.storageCapacity <= 2 * EventBoundary.heldLimit)
    }
  }
}

extension Array<UInt8> {
  fileprivate init(buffer: ByteBuffer) { self = Array(buffer.readableBytesView) }
}
