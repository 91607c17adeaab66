import CodecSupport
import DataPlane
import Foundation
import NIOCore
import TestSupport
import Testing

/// The codec beside NIOHTTP1's parser: what it reads, the other reads too, and in the same way.
@Suite struct DifferentialTests {
  @Test(arguments: CodecCase.requests) func requestOfTheTable(_ row: CodecCase) {
    for pieces in cuts(of: row.bytes) where row.kind != .bound {
      expect(Comparison(requests: pieces))
    }
  }

  @Test(arguments: CodecCase.responses) func responseOfTheTable(_ row: CodecCase) {
    for pieces in cuts(of: row.bytes) where row.kind != .bound {
      expect(Comparison(response: pieces, isHead: row.isHead))
    }
  }

  /// Mutated messages of the fuzzer's corpus, cut at random; hack/fuzz does this for as long as you like.
  @Test(arguments: [1, 2, 3, 4] as [UInt64]) func mutatedMessages(_ seed: UInt64) throws {
    let requests = try Self.corpus("requests")
    let responses = try Self.corpus("responses")
    var mutator = MessageMutator(SeededGenerator(seed))
    for number in 0..<1500 {
      let isResponse = number.isMultiple(of: 3)
      mutator.make(from: isResponse ? responses : requests)
      let isHead = mutator.below(8) == 0
      let pieces = pieces(&mutator)
      if isResponse {
        expect(Comparison(response: pieces, isHead: isHead))
      } else {
        expect(Comparison(requests: pieces))
      }
    }
  }

  private func expect(_ found: Comparison) {
    switch found {
    case .same: break
    case .stricter(let fault): #expect(Comparison.strictness.contains(fault))
    case .different(let difference): Issue.record("\(difference)")
    }
  }

  private func pieces(_ mutator: inout MessageMutator) -> [ByteBuffer] {
    var rest = ByteBuffer(bytes: mutator.bytes)
    var pieces: [ByteBuffer] = []
    for _ in 0..<mutator.below(4) {
      if let piece = rest.readSlice(length: mutator.below(rest.readableBytes)) { pieces.append(piece) }
    }
    return pieces + [rest]
  }

  /// The fuzzer's messages, in the order of their names.
  static func corpus(_ folder: String) throws -> [[UInt8]] {
    let place = repository.appending(path: "Tests/Fuzz/Corpus").appending(path: folder)
    return try FileManager.default.contentsOfDirectory(at: place, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "http" }.sorted { $0.path < $1.path }.map { [UInt8](try Data(contentsOf: $0)) }
  }
}
