/// One sequence to generate; a request with `n` = 3 is three of them.
struct EngineRequest: Sendable {
  var id: UInt64
  var prompt: [TokenID]
  /// Tokens to generate at most; 1 or more.
  var maxTokens: Int
  /// The end token and stop strings count only after this many tokens.
  var minTokens = 0
  var ignoresEnd = false
  /// Strings that end the text; they are left out of it unless `includesStop`.
  var stop: [String] = []
  var includesStop = false
  /// LoRA adapter, `nil` for the base model.
  var adapter: String?
  var source: TokenSource
  /// Chat answers begin without the space that separates words.
  var trimsLeadingSpace = false
  /// The request's `n`, for the statistics.
  var choices = 1
}

/// Why a sequence ended.
enum FinishReason: String, Sendable, CaseIterable {
  case stop, length, abort, error, repetition
}

/// One generated token, or the end of a sequence that was aborted.
struct EngineEvent: Sendable, Equatable {
  var id: UInt64
  /// Text that is certain by now; what could become a stop string is held back.
  var text: String
  /// Tokens generated so far by this sequence.
  var completionTokens: Int
  var finish: FinishReason?
  /// The stop string that ended the text.
  var stopReason: String?
}
