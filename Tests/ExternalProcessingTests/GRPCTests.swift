import NIOCore
import NIOHPACK
import Testing

@testable import ExternalProcessing

/// Messages and ends of streams, as bytes and headers bring them.
@Suite struct GRPCTests {
  @Test func messagesAreCutOutWhereverTheBytesAreCut() {
    let messages: [[UInt8]] = [[], Array("one".utf8), Array(repeating: 7, count: 300)]
    var all = ByteBuffer()
    for message in messages {
      var frame = GRPCMessageReader.frame(message)
      all.writeBuffer(&frame)
    }
    for split in 0...all.readableBytes {
      var reader = GRPCMessageReader(maximumBytes: 1000)
      var found: [[UInt8]] = []
      var rest = all
      for part in [rest.readSlice(length: split) ?? ByteBuffer(), rest] {
        reader.receive(part)
        while case .message(let message) = reader.next() { found.append(Array(buffer: message)) }
      }
      #expect(found == messages, "cut at \(split)")
      #expect(!reader.isInside)
    }
  }

  @Test func aCompressedOrOversizedMessageIsAFault() {
    var reader = GRPCMessageReader(maximumBytes: 10)
    reader.receive(ByteBuffer(bytes: [1, 0, 0, 0, 1, 0]))
    let compressed = reader.next()
    #expect(compressed == .fault("a message is compressed, which was not offered"))
    var other = GRPCMessageReader(maximumBytes: 10)
    other.receive(ByteBuffer(bytes: [0, 0, 0, 0, 11]))
    let oversized = other.next()
    #expect(oversized == .fault("a message has 11 bytes; 10 are taken"))
  }

  struct Head: Sendable {
    var fields: [(String, String)]
    var ends: Bool
    var end: GRPCEnd?
  }

  static let heads = [
    Head(fields: [(":status", "200"), ("content-type", "application/grpc")], ends: false, end: nil),
    Head(fields: [(":status", "200"), ("content-type", "application/grpc+proto")], ends: false, end: nil),
    Head(
      fields: [(":status", "200"), ("content-type", "text/html")], ends: false, end: .lost("it does not speak gRPC")),
    Head(fields: [(":status", "404")], ends: true, end: .lost("it answered with HTTP status 404")),
    Head(fields: [], ends: false, end: .lost("its answer has no status")),
    Head(fields: [(":status", "200"), ("grpc-status", "12")], ends: true, end: .status(12, "")),
    Head(
      fields: [(":status", "200"), ("grpc-status", "14"), ("grpc-message", "no%20pods%0Aat all")], ends: true,
      end: .status(14, "no pods at all")),
    Head(fields: [(":status", "200")], ends: true, end: .lost("it ended the stream without a status")),
    Head(
      fields: [(":status", "200"), ("grpc-status", "x")], ends: true, end: .lost("it ended the stream without a status")
    ),
  ]

  @Test(arguments: heads) func aStreamBeginsOrEndsWithItsHead(_ head: Head) {
    #expect(GRPCEnd.head(HPACKHeaders(head.fields), endsStream: head.ends) == head.end)
  }
}
