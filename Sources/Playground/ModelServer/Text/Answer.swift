import ModelEngine

/// The answer to one sequence: which text it has, and where it ends. A pure function of its source, so the engine needs
/// only its length, and whoever reads the engine's counts makes the text again.
struct Answer: Sendable {
  var source: TokenSource
  /// Tokens at most.
  var maxTokens: Int
  /// The end token and stop strings count only after this many tokens.
  var minTokens = 0
  var ignoresEnd = false
  /// Strings that end the text; they are left out of it unless `includesStop`.
  var stop: [String] = []
  var includesStop = false
  /// Chat answers begin without the space that separates words.
  var trimsLeadingSpace = false

  /// Whether the token at an index is the end token.
  func isEnd(at index: Int) -> Bool { !ignoresEnd && index + 1 >= max(source.naturalLength, minTokens) }

  /// The token at an index as the model makes it; the end token has no text.
  func token(at index: Int) -> String { isEnd(at: index) ? "" : source.text(at: index) }

  /// The same as a client reads it.
  func text(at index: Int) -> String {
    let token = token(at: index)
    return index == 0 && trimsLeadingSpace && token.hasPrefix(" ") ? String(token.dropFirst()) : token
  }

  /// Follows the answer to its end: adds its tokens to the chain, and gives how many there are, `nil` when only
  /// `maxTokens` ends it.
  func follow(_ chain: inout BlockChain) -> Int? {
    var matcher = StopMatcher(stops: stop, keepsStop: includesStop)
    for index in 0..<maxTokens {
      chain.append(Tokenizer.id(token(at: index).utf8))
      if isEnd(at: index) { return index + 1 }
      if !stop.isEmpty, matcher.append(text(at: index), mayStop: index + 1 >= minTokens).stop != nil {
        return index + 1
      }
    }
    return nil
  }
}

/// Text that is certain by now; what could become a stop string is held back.
struct AnswerPiece: Sendable, Equatable {
  var text: String
  /// Tokens generated so far by this sequence.
  var completionTokens: Int
  var finish: FinishReason?
  /// The stop string that ended the text.
  var stopReason: String?
}

/// Makes the text of an answer as its tokens come.
struct AnswerText: Sendable {
  private let answer: Answer
  private var matcher: StopMatcher

  init(_ answer: Answer) {
    self.answer = answer
    matcher = StopMatcher(stops: answer.stop, keepsStop: answer.includesStop)
  }

  /// The piece that follows from what the engine says; a sequence that was cut has no more text.
  mutating func piece(of progress: Engine.Progress) -> AnswerPiece {
    var piece = AnswerPiece(text: "", completionTokens: progress.tokens, finish: progress.finish)
    guard progress.isToken else { return piece }
    let text = answer.text(at: progress.tokens - 1)
    (piece.text, piece.stopReason) = matcher.append(text, mayStop: progress.tokens >= answer.minTokens)
    if piece.finish != nil, piece.stopReason == nil { piece.text += matcher.flush() }
    return piece
  }
}
