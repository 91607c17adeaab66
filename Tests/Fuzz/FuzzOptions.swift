import Foundation
import TestSupport

/// What the command line asks for.
struct FuzzOptions {
  /// What is fuzzed.
  enum Input: String, CaseIterable {
    /// Messages of HTTP/1, and the codec.
    case messages
    /// Bodies, and what looks for their models.
    case bodies
    /// Connections of HTTP/2, and the whole gateway behind them.
    case frames
  }

  var runs = 10_000_000
  var seed: UInt64 = 1
  /// The number of the first run: with the seed it says what the run reads.
  var start = 0
  /// One run in so many is compared with the reference.
  var share = 256
  var input = Input.messages
  var corpus = repository.appending(path: "Tests/Fuzz/Corpus")

  init(_ arguments: some Sequence<String>) throws {
    var rest = arguments.makeIterator()
    while let name = rest.next() {
      guard let value = rest.next() else { throw Failure("\(name) needs a value") }
      switch name {
      case "--runs": runs = try Self.number(name, value)
      case "--seed": seed = UInt64(try Self.number(name, value))
      case "--start": start = try Self.number(name, value)
      case "--reference-share": share = try Self.number(name, value)
      case "--input":
        guard let known = Input(rawValue: value) else {
          throw Failure("--input '\(value)' is none of \(Input.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        input = known
      case "--corpus": corpus = URL(filePath: value)
      default:
        throw Failure(
          "unknown option '\(name)'; there are: --runs, --seed, --start, --reference-share, --input, --corpus")
      }
    }
  }

  private static func number(_ name: String, _ value: String) throws -> Int {
    guard let number = Int(value), number >= 0 else { throw Failure("\(name) '\(value)' is not a number") }
    return number
  }

  /// What a run draws.
  func draws(of number: Int) -> SeededGenerator { SeededGenerator(seed &* 0x1_0000_0001_B3 ^ UInt64(number)) }

  /// The messages in a folder of the corpus, in the order of their names.
  func messages(_ folder: String, named extensions: [String] = ["http"]) throws -> [[UInt8]] {
    let place = corpus.appending(path: folder)
    let files = try FileManager.default.contentsOfDirectory(at: place, includingPropertiesForKeys: nil)
      .filter { extensions.contains($0.pathExtension) }.sorted { $0.path < $1.path }
    guard !files.isEmpty else { throw Failure("no message in \(place.path)") }
    return try files.map { [UInt8](try Data(contentsOf: $0)) }
  }
}
