import KubernetesClient
import Testing

@Suite struct WatchLineSplitterTests {
  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test func linesAreTheSameWhereverTheBytesAreCut() {
    let stream = bytes("{\"type\":\"ADDED\"}\n\r\n{\"name\":\"größe\"}\r\n\n{\"last\":1}\n")
    let expected: [WatchLineSplitter.Output] = [
      .line(bytes("{\"type\":\"ADDED\"}")), .line(bytes("{\"name\":\"größe\"}")), .line(bytes("{\"last\":1}")),
    ]
    for first in 0...stream.count {
      for second in first...stream.count {
        var splitter = WatchLineSplitter()
        let parts = [stream[..<first], stream[first..<second], stream[second...]]
        let outputs = parts.flatMap { splitter.push(Array($0)) }
        #expect(outputs == expected, "cut at \(first) and \(second)")
        #expect(splitter.held == 0)
      }
    }
  }

  @Test func anUnfinishedLineIsKeptBack() {
    var splitter = WatchLineSplitter()
    #expect(splitter.push(bytes("{\"a\"")) == [])
    #expect(splitter.held == 4)
    #expect(splitter.push(bytes(":1}\n{")) == [.line(bytes("{\"a\":1}"))])
    #expect(splitter.held == 1)
  }

  @Test func aLineOfTheLargestObjectPasses() {
    var splitter = WatchLineSplitter()
    let line = [UInt8](repeating: UInt8(ascii: "x"), count: 1_500_000)
    var outputs: [WatchLineSplitter.Output] = []
    for start in stride(from: 0, to: line.count, by: 16_384) {
      outputs += splitter.push(Array(line[start..<min(start + 16_384, line.count)]))
    }
    #expect(outputs.isEmpty)
    #expect(splitter.push(bytes("\n")) == [.line(line)])
  }

  @Test func memoryIsBoundedAndTheNextLineIsReadAgain() {
    var splitter = WatchLineSplitter(limit: 10)
    var outputs: [WatchLineSplitter.Output] = []
    for _ in 0..<100 {
      outputs += splitter.push(bytes("1234567"))
      #expect(splitter.held <= 10)
    }
    outputs += splitter.push(bytes("\nok\n"))
    #expect(outputs == [.oversized(bytes: 700), .line(bytes("ok"))])
  }
}
