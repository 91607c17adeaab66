import ModelEngine
import Testing

@testable import ModelServer

/// The whole text of an answer, made token by token as an engine would count it, and how it ended.
private func read(_ answer: Answer) -> (text: String, end: AnswerPiece?) {
  var chain = BlockChain(blockSize: 16, adapter: nil)
  let natural = answer.follow(&chain)
  let length = natural ?? answer.maxTokens
  var maker = AnswerText(answer)
  var text = ""
  var last: AnswerPiece?
  for count in 1...length {
    let finish: FinishReason? = count < length ? nil : natural == nil ? .length : .stop
    let piece = maker.piece(of: .init(tokens: count, isToken: true, finish: finish))
    text += piece.text
    last = piece
  }
  return (text, last)
}

@Suite("The text of an answer, and where it ends")
struct AnswerTests {
  private let source = TokenSource(key: 1)

  @Test("Stop strings end the text, also across tokens, and are not sent in part", arguments: [false, true])
  func stopStrings(keeps: Bool) {
    let words = (0..<6).map { source.text(at: $0) }
    let stop = String(words[2].suffix(3)) + String(words[3].prefix(3))
    let answer = Answer(
      source: source, maxTokens: 20, ignoresEnd: true, stop: [stop, "never"], includesStop: keeps)
    let (text, end) = read(answer)
    #expect(text == words[..<2].joined() + words[2].dropLast(3) + (keeps ? stop : ""))
    #expect(end == AnswerPiece(text: end?.text ?? "", completionTokens: 4, finish: .stop, stopReason: stop))
  }

  @Test("What could have become a stop string is sent when the text ends otherwise")
  func heldBack() {
    let words = (0..<3).map { source.text(at: $0) }
    let (text, end) = read(Answer(source: source, maxTokens: 3, ignoresEnd: true, stop: [words[2] + "!"]))
    #expect(text == words.joined())
    #expect(end?.finish == .length)
    #expect(end?.stopReason == nil)
  }

  @Test("A text ends by itself after its natural length, with an end token that has no text; later if it must")
  func naturalEnd() {
    var chain = BlockChain(blockSize: 16, adapter: nil)
    #expect(Answer(source: source, maxTokens: 900).follow(&chain) == source.naturalLength)
    #expect(Answer(source: source, maxTokens: 900, minTokens: 500).follow(&chain) == 500)
    #expect(Answer(source: source, maxTokens: 900, ignoresEnd: true).follow(&chain) == nil)
    let (text, end) = read(Answer(source: source, maxTokens: 900))
    #expect(text == (0..<source.naturalLength - 1).map { source.text(at: $0) }.joined())
    #expect(end?.finish == .stop)
  }

  @Test("A stop string counts only after the fewest tokens")
  func minTokens() {
    let word = source.text(at: 0)
    let answer = Answer(source: source, maxTokens: 40, minTokens: 10, ignoresEnd: true, stop: [word])
    var chain = BlockChain(blockSize: 16, adapter: nil)
    #expect(answer.follow(&chain) ?? 40 >= 10)
  }

  @Test("A chat begins without the space that separates words")
  func leadingSpace() {
    let chat = Answer(source: source, maxTokens: 2, trimsLeadingSpace: true)
    #expect(" " + read(chat).text == read(Answer(source: source, maxTokens: 2)).text)
  }

  @Test("A sequence that was cut has no more text")
  func cut() {
    var maker = AnswerText(Answer(source: source, maxTokens: 9))
    let piece = maker.piece(of: .init(tokens: 3, isToken: false, finish: .abort))
    #expect(piece == AnswerPiece(text: "", completionTokens: 3, finish: .abort, stopReason: nil))
  }

  @Test("Block hashes are those of the whole prefix: equal up to the first difference; adapters have their own")
  func blockHashes() {
    func hashes(_ tokens: [TokenID], _ adapter: String? = nil) -> [UInt64] {
      var chain = BlockChain(blockSize: 2, adapter: adapter)
      for token in tokens { chain.append(token) }
      return chain.hashes
    }
    let chain = hashes([1, 2, 3, 4, 5])
    #expect(chain.count == 2)
    #expect(hashes([1, 2, 3, 9])[0] == chain[0])
    #expect(hashes([1, 2, 3, 9])[1] != chain[1])
    #expect(hashes([0, 2, 3, 4])[1] != chain[1])
    #expect(hashes([1, 2, 3, 4], "a")[0] != chain[0])
  }
}
